import { findJsonFault } from '../../wire/json-fault.js';

const OBJECT_OR_LIST = /^\s*[[{]/;

/**
 * How a captured body is shown: an object or a list as such, so that nobody has to parse a text
 * within a text; whatever else it is as the text that was kept: no JSON, cut, or nested deeper than
 * is read.
 */
export function shownBody(text: string | null): unknown {
  if (text === null || !OBJECT_OR_LIST.test(text) || findJsonFault(text) !== null) return text;
  const value: unknown = JSON.parse(text);
  return value;
}
