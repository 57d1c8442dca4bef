import { type StartedRange } from '../../record/started-range.js';
import { type RecordBatch } from '../sink.js';

/** A batch as it travels to the writer: its bytes, and what tells whether that may be there already. */
export interface OfferedLines {
  /** One record each in UTF-8, ended by LF. */
  readonly jsonLines: Buffer;
  readonly started: StartedRange;
}

/** Null for a batch of no records. */
export function offeredLines({ jsonLines, started }: RecordBatch): OfferedLines | null {
  return started === null ? null : { jsonLines, started };
}
