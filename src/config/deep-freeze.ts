/** Freezes the value and everything in it, values of maps included; returns it. Expects a tree, no cycles. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    const parts = value instanceof Map ? [...value.values()] : Object.values(value);
    parts.forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
