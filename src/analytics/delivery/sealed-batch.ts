import { type CollectedLines } from '../record/record-lines.js';
import { LineBatch } from './line-batch.js';

/** When a batch was made, in milliseconds since 1970. */
export interface BatchMarks {
  /** Wall clock when the first of its records was added. */
  readonly oldestMs: number;
  /** Wall clock when it was given to the sinks. */
  readonly sealedMs: number;
}

/** A batch as the queue made it, shared by all sinks. */
export class SealedBatch extends LineBatch {
  readonly oldestMs: number;
  readonly sealedMs: number;

  /**
   * @param lines - of at least one record.
   * @param marks - what the queue knows of them.
   */
  constructor(lines: CollectedLines, { oldestMs, sealedMs }: BatchMarks) {
    super(lines);
    this.oldestMs = oldestMs;
    this.sealedMs = sealedMs;
  }
}
