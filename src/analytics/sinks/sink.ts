import { type ExchangeRecord } from '../record/exchange-record.js';
import { type StartedRange } from '../record/started-range.js';

/** Records that are written together, no two with one `record_id`; as bytes, which most sinks take as
 * they are. */
export interface RecordBatch {
  /** How many records. */
  readonly count: number;
  /** The records as JSON lines in UTF-8, each ended by LF. */
  readonly jsonLines: Buffer;
  /** When the first and the last of them started; null without any. */
  readonly started: StartedRange | null;
  /** The records, read anew each time. */
  records(): readonly ExchangeRecord[];
}

/**
 * Where records go. One batch at a time is written; a batch that was refused is offered again, also
 * after a restart of the process, so what was written already must do no harm (`record_id`).
 */
export interface Sink {
  /** For logs and metrics: its kind, numbered where there are several of it. */
  readonly name: string;
  /** Connects; called before the first write and after each failure. Rejects while it is down. */
  open(): Promise<void>;
  /** Writes all of a batch or none. Rejects when it could not. */
  write(batch: RecordBatch): Promise<void>;
  /** Deletes records that started before then, some at a time; absent where nothing is deleted. */
  deleteBefore?(startedBeforeMs: number): Promise<void>;
  /** Lets go of files and connections; never rejects. */
  close(): Promise<void>;
}

/** Injects the sinks of the configuration, in its order; what is changed there takes a restart. */
export const SINKS = Symbol('SINKS');
