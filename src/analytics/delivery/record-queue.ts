import { type ExchangeRecord } from '../record/exchange-record.js';
import { RecordLines } from '../record/record-lines.js';
import { type Delivery } from './delivery.js';
import { SealedBatch } from './sealed-batch.js';

const MAX_BATCH_RECORDS = 1000;
/** So many batches fit into the queue at least: those of a short one are smaller. */
const BATCHES_IN_QUEUE = 4;
/** A batch of so many bytes is large enough, however few its records. */
const MAX_BATCH_BYTES = 1024 * 1024;
/** Longest time in which records are collected. */
const TICK_MS = 1000;
/** Longest wait for sinks at the end; what they have not taken is put on disk. */
const FLUSH_LIMIT_MS = 5000;

/**
 * Where finished records go: collected for a second, or until there are a thousand, and then
 * delivered together.
 */
export class RecordQueue {
  readonly #maxBatchRecords: number;
  readonly #isOff: boolean;
  readonly #lines = new RecordLines();
  #oldestMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly delivery: Delivery) {
    const { maxRecords, sinks } = delivery.options;
    this.#isOff = sinks.length === 0;
    const share = Math.floor(maxRecords / BATCHES_IN_QUEUE);
    this.#maxBatchRecords = Math.max(1, Math.min(MAX_BATCH_RECORDS, share));
  }

  /** Begins to deliver. */
  start(): void {
    if (this.#isOff) return;
    this.delivery.start();
    this.#timer = setInterval(() => {
      this.delivery.tick();
      this.flush();
    }, TICK_MS).unref();
  }

  /** Takes a record at a cost that is the same for each; never throws and never waits. */
  add(record: ExchangeRecord): void {
    if (this.#isOff) return;
    if (this.#lines.count === 0) this.#oldestMs = this.delivery.options.wallMs();
    this.#lines.add(record);
    const { count, length } = this.#lines;
    if (count >= this.#maxBatchRecords || length >= MAX_BATCH_BYTES) this.flush();
  }

  /** Gives the sinks what was collected so far. */
  flush(): void {
    if (this.#lines.count === 0) return;
    const sealedMs = this.delivery.options.wallMs();
    const marks = { oldestMs: this.#oldestMs, sealedMs };
    this.delivery.offer(new SealedBatch(this.#lines.take(), marks));
  }

  /** Delivers what it has, within five seconds, and ends. Never rejects. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.flush();
    await this.delivery.close(FLUSH_LIMIT_MS);
  }
}
