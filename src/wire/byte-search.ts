import { asBuffer } from './byte-text.js';

/**
 * Where bytes stand for the first time, from `from` on; -1 when they do not.
 *
 * The engine looks for the first of the bytes and compares the rest, so that it is fast where the first
 * is rare: in JSON `name"` is found in a ninth of the time of `"name"`.
 */
export function placeOf(bytes: Uint8Array, sought: Buffer, from: number): number {
  return asBuffer(bytes).indexOf(sought, from);
}
