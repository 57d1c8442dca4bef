import { setImmediate } from 'node:timers/promises';
import { type ExchangeRecord } from '../record/exchange-record.js';
import { type RecordBatch } from '../sinks/sink.js';

/** Records turned into text at a stretch: about a quarter of a millisecond, which no request notices. */
const SLICE_RECORDS = 64;

export interface BatchMarks {
  /** Wall clock when the first of its records was added. */
  readonly oldestMs: number;
  /** Wall clock when it was given to the sinks. */
  readonly sealedMs: number;
  /** About what its records take in memory. */
  readonly bytes: number;
}

/** A batch as the queue made it, shared by all sinks. */
export class SealedBatch implements RecordBatch {
  readonly oldestMs: number;
  readonly sealedMs: number;
  readonly bytes: number;
  #jsonLines: string | null = null;
  #preparing: Promise<void> | null = null;

  /**
   * @param records - at least one.
   * @param marks - what the queue knows of them.
   */
  constructor(
    readonly records: readonly ExchangeRecord[],
    { oldestMs, sealedMs, bytes }: BatchMarks,
  ) {
    this.oldestMs = oldestMs;
    this.sealedMs = sealedMs;
    this.bytes = bytes;
  }

  get jsonLines(): string {
    return (this.#jsonLines ??= jsonLinesOf(this.records));
  }

  /** Makes {@link jsonLines} little by little, letting requests in between. */
  prepare(): Promise<void> {
    this.#preparing ??= this.#write();
    return this.#preparing;
  }

  async #write(): Promise<void> {
    let lines = '';
    for (let start = 0; start < this.records.length; start += SLICE_RECORDS) {
      if (start > 0) await setImmediate();
      lines += jsonLinesOf(this.records.slice(start, start + SLICE_RECORDS));
    }
    this.#jsonLines ??= lines;
  }
}

/** Some records as a batch of their own. */
export function batchOf(records: readonly ExchangeRecord[]): RecordBatch {
  let jsonLines: string | null = null;
  return {
    records,
    get jsonLines() {
      return (jsonLines ??= jsonLinesOf(records));
    },
  };
}

/** The first and the second half of a batch of at least two records. */
export function halvesOf({ records }: RecordBatch): readonly [RecordBatch, RecordBatch] {
  const middle = records.length >>> 1;
  return [batchOf(records.slice(0, middle)), batchOf(records.slice(middle))];
}

function jsonLinesOf(records: readonly ExchangeRecord[]): string {
  let lines = '';
  for (const record of records) lines += `${JSON.stringify(record)}\n`;
  return lines;
}
