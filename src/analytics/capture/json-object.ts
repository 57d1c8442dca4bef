import { isJsonObject } from '../../wire/json/json-value.js';

/** An object as `JSON.parse` makes it. */
export type JsonObject = Record<string, unknown>;

/** The object in a member; made there when the member holds none. */
export function objectIn(parent: JsonObject, name: string): JsonObject {
  const there = Object.hasOwn(parent, name) ? parent[name] : undefined;
  if (isJsonObject(there)) return there;
  const made: JsonObject = {};
  put(parent, name, made);
  return made;
}

/** The list in a member; made there when the member holds none. */
export function listIn(parent: JsonObject, name: string): unknown[] {
  const there = Object.hasOwn(parent, name) ? parent[name] : undefined;
  if (Array.isArray(there)) return there;
  const made: unknown[] = [];
  put(parent, name, made);
  return made;
}

/** Sets a member, whatever its name: `__proto__` too stays a member. */
export function put(parent: JsonObject, name: string, value: unknown): void {
  Object.defineProperty(parent, name, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

/** Puts text behind the text of a member. */
export function append(parent: JsonObject, name: string, text: string): void {
  const before = Object.hasOwn(parent, name) ? parent[name] : undefined;
  put(parent, name, typeof before === 'string' ? before + text : text);
}
