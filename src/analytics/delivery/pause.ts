import { setTimeout } from 'node:timers/promises';

/** Resolves when the time is over or the signal aborts; never rejects. */
export type Pause = (durationMs: number, stop: AbortSignal) => Promise<void>;

/** Keeps no process alive. */
export const pause: Pause = async (durationMs, stop) => {
  await setTimeout(durationMs, undefined, { signal: stop, ref: false }).catch(() => undefined);
};

/** Resolves when the task has ended, however it did, or the time is over. */
export async function within(limitMs: number, task: Promise<unknown>): Promise<void> {
  const overdue = new AbortController();
  const limit = setTimeout(limitMs, undefined, { signal: overdue.signal });
  await Promise.allSettled([Promise.race([task, limit])]);
  overdue.abort();
  await limit.catch(() => undefined);
}
