import { type DropCounts } from './drop-counts.js';

/** How a sink fares, for metrics and health. */
export interface SinkFigures {
  readonly name: string;
  /** Whether its last word was a good one. */
  readonly isUp: boolean;
  /** Why it is not up; holds no secret. Null while it is, and before it was asked. */
  readonly lastError: string | null;
  /** Records that wait for it in memory. */
  readonly queued: number;
  /** Age of the oldest record that it has not written, in milliseconds. */
  readonly lagMs: number;
  /** Bytes that wait for it on disk. */
  readonly spoolBytes: number;
  /** Records written since the start. */
  readonly written: number;
  /** Records lost since the start. */
  readonly dropped: Readonly<DropCounts>;
}
