import { Secret } from '../secret.js';

/** Whether two parts of a configuration mean the same, secrets included. Expects trees, no cycles. */
export function sameValue(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (!isObject(one) || !isObject(other)) return false;
  if (one instanceof Secret) return other instanceof Secret && one.equals(other);
  if (one instanceof Map) return other instanceof Map && sameValue([...one], [...other]);
  if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) return false;
  const parts = Object.entries(one);
  const others = new Map<string, unknown>(Object.entries(other));
  return (
    parts.length === others.size &&
    parts.every(([key, part]) => others.has(key) && sameValue(part, others.get(key)))
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
