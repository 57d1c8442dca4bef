import { hash } from 'node:crypto';

/** @returns 32 evenly spread bits, unsigned; the same in every process. */
export function hashOf(text: string): number {
  return hash('sha1', text, 'buffer').readUInt32BE(0);
}

/**
 * Mixes two hashes into one that is as evenly spread, in a few nanoseconds: the finalizer of
 * MurmurHash3 (Appleby, public domain), where each bit of the input changes half of the output.
 *
 * @returns 32 bits, unsigned.
 */
export function mixedHash(one: number, other: number): number {
  let bits = one ^ other;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
