import { type StartedRange } from '../../store/started-range.js';
import { type RecordBatch } from '../sink.js';

/** A batch as it travels to the writer: its text, and what tells whether that may be there already. */
export interface OfferedLines {
  /** One record each, ended by LF. */
  readonly jsonLines: string;
  readonly started: StartedRange;
  readonly hasDistinctIds: boolean;
}

/** Null for a batch of no records. */
export function offeredLines({
  jsonLines,
  started,
  hasDistinctIds,
}: RecordBatch): OfferedLines | null {
  return started === null ? null : { jsonLines, started, hasDistinctIds };
}
