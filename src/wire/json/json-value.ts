import { utf8OfBytes } from '../byte-text.js';

/** The value of a JSON text; undefined, which no JSON text has, when it is none. */
export function jsonValueIn(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** The same of a JSON text given as a byte string. */
export function jsonValueOfBytes(bytes: string): unknown {
  return jsonValueIn(utf8OfBytes(bytes));
}

/** Whether a JSON value is an object, and no list. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
