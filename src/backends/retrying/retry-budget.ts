import { RecentCount } from '../state/recent-count.js';

const WINDOW_MS = 10_000;
const WINDOW_BUCKETS = 10;

/**
 * Without it a gateway with few requests could never retry: a fifth of four is none. The larger of
 * both counts, not their sum: from 50 requests in 10 s on the share alone decides, so that under
 * load a backend gets no more than 20% on top, whatever fails.
 */
const MIN_RETRIES = 10;

/** Bounds retries to a share of the requests of the last ten seconds, so that no outage is doubled. */
export class RetryBudget {
  readonly #requests = new RecentCount({ windowMs: WINDOW_MS, buckets: WINDOW_BUCKETS });
  readonly #retries = new RecentCount({ windowMs: WINDOW_MS, buckets: WINDOW_BUCKETS });

  /** @param share - retries to a request; 0.2 allows one for five, 0 none at all. */
  constructor(private readonly share: number) {}

  /** A client's request is carried, however many attempts it takes. */
  noteRequest(nowMs: number): void {
    this.#requests.add(nowMs);
  }

  /** Whether one more retry is within the budget. */
  allowsAt(nowMs: number): boolean {
    if (this.share === 0) return false;
    const allowed = Math.max(MIN_RETRIES, this.share * this.#requests.totalAt(nowMs));
    return this.#retries.totalAt(nowMs) + 1 <= allowed;
  }

  /** A retry is made. */
  noteRetry(nowMs: number): void {
    this.#retries.add(nowMs);
  }
}
