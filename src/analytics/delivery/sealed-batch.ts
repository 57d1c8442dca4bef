import { type ExchangeRecord } from '../record/exchange-record.js';
import { type CollectedLines, RecordLines, recordsIn } from '../record/record-lines.js';
import { type RecordBatch } from '../sinks/sink.js';
import { type StartedRange } from '../store/started-range.js';

export interface BatchMarks {
  /** Wall clock when the first of its records was added. */
  readonly oldestMs: number;
  /** Wall clock when it was given to the sinks. */
  readonly sealedMs: number;
}

/** A batch as the queue made it, shared by all sinks. */
export class SealedBatch implements RecordBatch {
  readonly count: number;
  readonly started: StartedRange | null;
  /** One gateway gives no id twice. */
  readonly hasDistinctIds = true;
  readonly oldestMs: number;
  readonly sealedMs: number;
  readonly jsonLines: Buffer;

  /**
   * @param lines - of at least one record.
   * @param marks - what the queue knows of them.
   */
  constructor({ count, jsonLines, started }: CollectedLines, { oldestMs, sealedMs }: BatchMarks) {
    this.count = count;
    this.started = started;
    this.jsonLines = jsonLines;
    this.oldestMs = oldestMs;
    this.sealedMs = sealedMs;
  }

  records(): readonly ExchangeRecord[] {
    return recordsIn(this.jsonLines.toString());
  }
}

/** Some records as a batch of their own. */
export function batchOf(records: readonly ExchangeRecord[]): RecordBatch {
  const lines = new RecordLines();
  for (const record of records) lines.add(record);
  return batchWith(records, lines.take());
}

/** @param lines - those of the records */
export function batchWith(
  records: readonly ExchangeRecord[],
  { jsonLines, started }: CollectedLines,
): RecordBatch {
  const ids = new Set(records.map(({ record_id: recordId }) => recordId));
  return {
    count: records.length,
    jsonLines,
    started,
    hasDistinctIds: ids.size === records.length,
    records: () => records,
  };
}

/** The first and the second half of a batch of at least two records. */
export function halvesOf(batch: RecordBatch): readonly [RecordBatch, RecordBatch] {
  const records = batch.records();
  const middle = records.length >>> 1;
  return [batchOf(records.slice(0, middle)), batchOf(records.slice(middle))];
}
