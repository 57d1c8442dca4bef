/**
 * Waits for a task, but not longer than the limit.
 *
 * @throws what the task throws or rejects with, or an Error that names the limit
 */
export async function withLimit<Value>(
  limitMs: number,
  task: () => Promise<Value>,
): Promise<Value> {
  const { promise: overdue, reject } = Promise.withResolvers<never>();
  const limit = setTimeout(() => {
    reject(new Error(`took longer than ${limitMs} ms`));
  }, limitMs).unref();
  try {
    return await Promise.race([task(), overdue]);
  } finally {
    clearTimeout(limit);
  }
}
