import { DecayingSum } from './decaying-sum.js';

/** How many running requests a failed one weighs as much as. */
const LOAD_PER_FAILURE = 3;

/**
 * And one that the backend turned away: as much as if it were served, because it may be the client's
 * own fault.
 */
const LOAD_PER_REFUSAL = 1;

/**
 * With it a failure weighs as much as a request that runs for 43 s (3 × 10 s / ln 2). A backend that
 * fails faster than good ones answer would otherwise look idle, and draw all requests to itself.
 */
const HALF_LIFE_MS = 10_000;

/** Bounds what a flood of failures leaves behind: it decays to less than one request in 100 s. */
const MAX_LOAD = 1000;

/** What recent failures of a backend count as, in running requests: 0 to 1003. */
export class FailureLoad {
  readonly #load = new DecayingSum(HALF_LIFE_MS);

  add(nowMs: number): void {
    this.#grow(LOAD_PER_FAILURE, nowMs);
  }

  addRefusal(nowMs: number): void {
    this.#grow(LOAD_PER_REFUSAL, nowMs);
  }

  at(nowMs: number): number {
    return this.#load.at(nowMs);
  }

  clear(): void {
    this.#load.clear();
  }

  #grow(load: number, nowMs: number): void {
    if (this.#load.at(nowMs) < MAX_LOAD) this.#load.add(load, nowMs);
  }
}
