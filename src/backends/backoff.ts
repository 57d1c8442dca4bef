import { type Random } from './balancer.js';

const BASE_MS = 50;
const CAP_MS = 2000;

/**
 * How long to wait before a request is sent to the same place again: exponential backoff with full
 * jitter (Brooker, "Exponential Backoff and Jitter", 2015), so that requests that failed together
 * do not come back together.
 *
 * @param retry - 1 for the first.
 * @returns 0 up to 50 ms, doubling with each retry up to 2 s.
 */
export function backoffMs(retry: number, random: Random): number {
  return random() * Math.min(BASE_MS * 2 ** (retry - 1), CAP_MS);
}
