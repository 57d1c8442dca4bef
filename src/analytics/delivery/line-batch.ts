import { type ExchangeRecord } from '../record/exchange-record.js';
import { type CollectedLines, RecordLines, recordsIn } from '../record/record-lines.js';
import { type StartedRange } from '../record/started-range.js';
import { lineEnd, wholeLines } from '../record/written-lines.js';
import { type RecordBatch } from '../sinks/sink.js';

/** A batch that is its lines. */
export class LineBatch implements RecordBatch {
  readonly count: number;
  readonly jsonLines: Buffer;
  readonly started: StartedRange | null;

  constructor({ count, jsonLines, started }: CollectedLines) {
    this.count = count;
    this.jsonLines = jsonLines;
    this.started = started;
  }

  records(): readonly ExchangeRecord[] {
    return recordsIn(this.jsonLines.toString());
  }
}

/** Some records as a batch of their own. */
export function batchOf(records: readonly ExchangeRecord[]): RecordBatch {
  const lines = new RecordLines();
  for (const record of records) lines.add(record);
  return new LineBatch(lines.take());
}

/** Such lines in batches of at most `maxBytes`, or one record; see {@link wholeLines}. */
export function* batchesOf(
  jsonLines: Buffer,
  maxBytes: number,
  onTorn: () => void,
): Generator<RecordBatch> {
  for (const lines of wholeLines(jsonLines, maxBytes, onTorn)) yield new LineBatch(lines);
}

/** The first and the second half of a batch of at least two records. */
export function halvesOf({ count, jsonLines }: RecordBatch): readonly RecordBatch[] {
  let middle = 0;
  for (let line = count >>> 1; line > 0; line--) middle = lineEnd(jsonLines, middle);
  const halves = [jsonLines.subarray(0, middle), jsonLines.subarray(middle)];
  return halves.flatMap((half) => [...batchesOf(half, Infinity, () => undefined)]);
}
