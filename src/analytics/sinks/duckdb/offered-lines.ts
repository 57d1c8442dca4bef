import { type StartedRange, startedRange } from '../../store/started-range.js';
import { type RecordBatch } from '../sink.js';

/** A batch as it travels to the writer: its text, and what tells whether that may be there already. */
export interface OfferedLines {
  /** One record each, ended by LF. */
  readonly jsonLines: string;
  readonly started: StartedRange;
  readonly hasDistinctIds: boolean;
}

/** Null for a batch of no records. */
export function offeredLines({ records, jsonLines }: RecordBatch): OfferedLines | null {
  const started = startedRange(records);
  if (started === null) return null;
  const ids = new Set(records.map(({ record_id: recordId }) => recordId));
  return { jsonLines, started, hasDistinctIds: ids.size === records.length };
}
