import { type FileHandle } from 'node:fs/promises';
import { LF } from '../../../wire/line-ends.js';

const STEP_BYTES = 65_536;

/**
 * The length of a file up to the end of its last whole line, read from its end.
 *
 * @returns `size` when it ends in a line feed, 0 when there is none in it
 */
export async function wholeLinesLength(handle: FileHandle, size: number): Promise<number> {
  for (let end = size; end > 0; end -= STEP_BYTES) {
    const start = Math.max(0, end - STEP_BYTES);
    const piece = Buffer.alloc(end - start);
    const { bytesRead } = await handle.read(piece, 0, piece.length, start);
    const lineFeed = piece.subarray(0, bytesRead).lastIndexOf(LF);
    if (lineFeed >= 0) return start + lineFeed + 1;
  }
  return 0;
}
