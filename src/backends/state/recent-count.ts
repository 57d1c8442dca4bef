/** The window of a count, and how finely it slides. */
export interface RecentCountOptions {
  /** How far back it counts. */
  readonly windowMs: number;
  /** How many parts the window has; the oldest is forgotten as a whole. */
  readonly buckets: number;
}

/** Counts what happened within a sliding window, in constant memory. Time must not go back. */
export class RecentCount {
  readonly #counts: Uint32Array;
  readonly #bucketMs: number;
  /** Number of the newest bucket since time began. */
  #newest = 0;
  #total = 0;

  constructor({ windowMs, buckets }: RecentCountOptions) {
    this.#counts = new Uint32Array(buckets);
    this.#bucketMs = windowMs / buckets;
  }

  add(nowMs: number): void {
    this.#forget(nowMs);
    const slot = this.#newest % this.#counts.length;
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
    this.#total++;
  }

  totalAt(nowMs: number): number {
    this.#forget(nowMs);
    return this.#total;
  }

  clear(): void {
    this.#counts.fill(0);
    this.#total = 0;
  }

  /** Empties the buckets that time has moved on to since the last call. */
  #forget(nowMs: number): void {
    const newest = Math.floor(nowMs / this.#bucketMs);
    const { length } = this.#counts;
    const firstKept = Math.max(this.#newest, newest - length);
    for (let bucket = firstKept + 1; bucket <= newest; bucket++) {
      const slot = bucket % length;
      this.#total -= this.#counts[slot] ?? 0;
      this.#counts[slot] = 0;
    }
    this.#newest = Math.max(this.#newest, newest);
  }
}
