import { EXCHANGES } from '../../store/columns.js';
import { type DuckDbSession } from './duckdb-sessions.js';

const OLDEST = `
  select epoch_ms(min(started_at)) from ${EXCHANGES}
  where started_at < make_timestamp_ms(cast($1 as bigint))`;
const DELETE = `
  delete from ${EXCHANGES}
  where started_at < make_timestamp_ms(cast($1 as bigint))`;
const DAY_MS = 86_400_000;

/** Deletes a day at a time, so that no step holds much memory; the space is used again. */
export async function deleteByDay(
  { connection, step }: DuckDbSession,
  startedBeforeMs: number,
): Promise<void> {
  for (;;) {
    const found = await step(() => connection.runAndReadAll(OLDEST, [BigInt(startedBeforeMs)]));
    const oldestMs = found.getRows()[0]?.[0];
    if (typeof oldestMs !== 'bigint') return;
    const nextDayMs = (Math.floor(Number(oldestMs) / DAY_MS) + 1) * DAY_MS;
    const endMs = Math.min(nextDayMs, startedBeforeMs);
    await step(() => connection.run(DELETE, [BigInt(endMs)]));
  }
}
