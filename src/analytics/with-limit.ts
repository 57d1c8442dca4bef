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
