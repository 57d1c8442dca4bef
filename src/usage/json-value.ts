import { utf8OfBytes } from '../wire/byte-text.js';
import { jsonValueIn } from '../wire/json-value.js';

/** The value of a JSON text given as a byte string; undefined when it is no JSON. */
export function jsonValueOf(bytes: string): unknown {
  return jsonValueIn(utf8OfBytes(bytes));
}
