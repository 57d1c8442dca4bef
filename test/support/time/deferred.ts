/** A promise that is settled from outside: what a test waits for instead of the clock. */
export interface Deferred<Value = void> {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: unknown) => void;
}

export function deferred<Value = void>(): Deferred<Value> {
  const { promise, resolve, reject } = Promise.withResolvers<Value>();
  // A test that fails early leaves it unobserved.
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
