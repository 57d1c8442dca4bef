import { type Random } from './random.js';

/** How long pauses are. */
export interface Backoff {
  /** Longest pause after the first failure. */
  readonly firstMs: number;
  /** Longest pause after any. */
  readonly capMs: number;
}

/**
 * How long to wait after a failure: exponential backoff with full jitter (Brooker, "Exponential
 * Backoff and Jitter", 2015), so that those who failed together do not come back together.
 *
 * @param failure - how many in a row, this one included.
 * @returns 0 up to `firstMs`, doubling with each failure up to `capMs`.
 */
export function backoffMs(failure: number, { firstMs, capMs }: Backoff, random: Random): number {
  return random() * Math.min(firstMs * 2 ** (failure - 1), capMs);
}
