import { type Random } from '../../src/exchange/timing/random.js';

/** A duration between two arrivals that do not know of each other. */
export function exponential(meanMs: number, random: Random): number {
  return -Math.log(1 - random()) * meanMs;
}

/** A duration between half and one and a half of the mean. */
export function around(meanMs: number, random: Random): number {
  return meanMs * (0.5 + random());
}
