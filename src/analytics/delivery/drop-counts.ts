/**
 * Why a record did not reach a sink.
 *
 * - `overflow`: there was no room for it in memory any more.
 * - `spool_full`: the same, because `spool.max_bytes` were used up.
 * - `disk`: the same, because the spool could not be written; or its line there was torn.
 * - `rejected`: the sink took others, but not this one.
 */
export type DropCause = 'overflow' | 'spool_full' | 'disk' | 'rejected';

/** How many records did not reach a sink, by why. */
export type DropCounts = Record<DropCause, number>;

/** Counts that begin at 0. */
export function noDrops(): DropCounts {
  return { overflow: 0, spool_full: 0, disk: 0, rejected: 0 };
}
