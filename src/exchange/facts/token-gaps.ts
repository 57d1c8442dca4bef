/** Upper edge of the first bucket; nothing shorter matters to anyone. */
const FIRST_EDGE_MS = 0.05;

/** From one bucket to the next: the middle of a bucket is at most 9.1% off. */
const GROWTH = 1.2;

/** The last bucket begins at 0.05 ms × 1.2^94, about 23 minutes, and holds all that is longer. */
const BUCKETS = 96;

const LOG_GROWTH = Math.log(GROWTH);
/** From a bucket's upper edge to what is equally far off from either edge, relatively. */
const TO_MIDDLE = 2 / (1 + GROWTH);

/** The times between the deliveries of one stream, as a histogram of fixed size. */
export class TokenGaps {
  // A typed array of this size has memory of its own, which costs more than all the counting.
  readonly #counts = new Array<number>(BUCKETS).fill(0);
  #total = 0;

  note(gapMs: number): void {
    const bucket =
      gapMs <= FIRST_EDGE_MS ? 0 : Math.ceil(Math.log(gapMs / FIRST_EDGE_MS) / LOG_GROWTH);
    const kept = Math.min(bucket, BUCKETS - 1);
    this.#counts[kept] = (this.#counts[kept] ?? 0) + 1;
    this.#total++;
  }

  /**
   * @param share - 0 to 1: 0.5 is the median.
   * @returns the gap that this share of all gaps does not exceed, within 10%; 0 when none was noted.
   *   Below 0.05 ms, and above 23 minutes, the middle of the outermost bucket.
   */
  quantileMs(share: number): number {
    if (this.#total === 0) return 0;
    const rank = Math.max(1, Math.ceil(share * this.#total));
    let seen = 0;
    let bucket = 0;
    while (bucket < BUCKETS - 1) {
      seen += this.#counts[bucket] ?? 0;
      if (seen >= rank) break;
      bucket++;
    }
    return FIRST_EDGE_MS * GROWTH ** bucket * TO_MIDDLE;
  }
}
