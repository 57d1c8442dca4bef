import { setTimeout } from 'node:timers/promises';
import { type Pool } from 'pg';
import { EXCHANGES } from '../../store/columns.js';

const ROWS_PER_STEP = 10_000;
const PAUSE_MS = 100;

/** Rows that another replica is deleting are left to it. */
const DELETE = `
  delete from ${EXCHANGES} where record_id in (
    select record_id from ${EXCHANGES} where started_at < $1
    order by started_at limit ${ROWS_PER_STEP} for update skip locked)`;

/**
 * Deletes in small steps with a pause after each, so that writers and the vacuum keep up.
 *
 * @param signal - ends it after the step that runs.
 */
export async function deleteInSteps(
  pool: Pool,
  startedBeforeMs: number,
  signal: AbortSignal,
): Promise<void> {
  const startedBefore = new Date(startedBeforeMs).toISOString();
  for (;;) {
    const { rowCount } = await pool.query(DELETE, [startedBefore]);
    if (rowCount === null || rowCount < ROWS_PER_STEP) return;
    await setTimeout(PAUSE_MS, undefined, { signal }).catch(() => null);
    if (signal.aborted) return;
  }
}
