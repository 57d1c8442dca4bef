import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits for a task, but not longer than the limit.
 *
 * @param lateness - what is thrown then; by default an Error that names the limit
 * @throws what the task throws or rejects with
 */
export async function withLimit<Value>(
  limitMs: number,
  task: () => Promise<Value>,
  lateness: () => Error = () => new Error(`took longer than ${limitMs} ms`),
): Promise<Value> {
  const { promise: overdue, reject } = Promise.withResolvers<never>();
  const limit = setTimeout(() => {
    reject(lateness());
  }, limitMs).unref();
  try {
    return await Promise.race([task(), overdue]);
  } finally {
    clearTimeout(limit);
  }
}

/** Resolves when the task has ended, however it did, or the time is over. */
export async function within(limitMs: number, task: Promise<unknown>): Promise<void> {
  const overdue = new AbortController();
  const limit = delay(limitMs, undefined, { signal: overdue.signal });
  await Promise.allSettled([Promise.race([task, limit])]);
  overdue.abort();
  await limit.catch(() => undefined);
}
