import { findJsonFault } from '../../wire/json/json-fault.js';

const OBJECT_OR_LIST = /^\s*[[{]/;

/**
 * How a captured body is shown. An object or a list is shown as such, so that nobody has to parse a
 * text within a text. What is no JSON, was cut or is nested deeper than is read stays the text that
 * was kept.
 */
export function shownBody(text: string | null): unknown {
  if (text === null || !OBJECT_OR_LIST.test(text) || findJsonFault(text) !== null) return text;
  const value: unknown = JSON.parse(text);
  return value;
}
