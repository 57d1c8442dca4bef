import { type SealedBatch } from './sealed-batch.js';

/** Most that the records of a sink may take: bodies that are kept make some of them large. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Batches that wait in memory, oldest first; what is taken out counts until it is released. */
export class BatchesInMemory {
  readonly #waiting: SealedBatch[] = [];
  #records = 0;
  #bytes = 0;

  constructor(private readonly maxRecords: number) {}

  /** Records, those that were taken out included. */
  get records(): number {
    return this.#records;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  get first(): SealedBatch | null {
    return this.#waiting[0] ?? null;
  }

  get waiting(): readonly SealedBatch[] {
    return this.#waiting;
  }

  /** Adds a batch unless there is no room for it. */
  add(batch: SealedBatch): boolean {
    const records = this.#records + batch.count;
    const bytes = this.#bytes + batch.jsonLines.length;
    if (records > this.maxRecords || bytes > MAX_BYTES) return false;
    this.#records = records;
    this.#bytes = bytes;
    this.#waiting.push(batch);
    return true;
  }

  /** Takes out the oldest. */
  take(): SealedBatch | null {
    return this.#waiting.shift() ?? null;
  }

  release({ count, jsonLines }: SealedBatch): void {
    this.#records -= count;
    this.#bytes -= jsonLines.length;
  }
}
