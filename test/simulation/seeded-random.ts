import { type Random } from '../../src/exchange/random.js';

/** The same numbers in every run: mulberry32 (Ettinger, public domain). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A duration between two arrivals that do not know of each other. */
export function exponential(meanMs: number, random: Random): number {
  return -Math.log(1 - random()) * meanMs;
}

/** A duration between half and one and a half of the mean. */
export function around(meanMs: number, random: Random): number {
  return meanMs * (0.5 + random());
}
