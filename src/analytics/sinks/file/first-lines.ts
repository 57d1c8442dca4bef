import { LF } from '../../../wire/line-ends.js';
import { lineEnd } from '../../record/written-lines.js';

/**
 * As many lines from the beginning as fit; at least one.
 *
 * @param lines - each ended by LF
 */
export function firstLines(lines: Buffer, maxBytes: number): Buffer {
  if (lines.length <= maxBytes) return lines;
  const fitting = lines.subarray(0, Math.max(0, maxBytes)).lastIndexOf(LF) + 1;
  return lines.subarray(0, fitting > 0 ? fitting : lineEnd(lines, 0));
}
