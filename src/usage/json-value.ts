import { utf8OfBytes } from '../wire/byte-text.js';

/** The value of a JSON text given as a byte string; undefined when it is no JSON. */
export function jsonValueOf(bytes: string): unknown {
  try {
    const value: unknown = JSON.parse(utf8OfBytes(bytes));
    return value;
  } catch {
    return undefined;
  }
}
