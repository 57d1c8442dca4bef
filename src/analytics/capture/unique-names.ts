import { afterSpace, COLON, QUOTE } from '../../wire/json/json-tokens.js';

const BACKSLASH = 0x5c;

/**
 * Whether no object of a JSON text has two members of one name, of which its value holds the last.
 *
 * @param text - of the JSON
 * @param value - the same, parsed; no deeper than can be looked into
 */
export function hasUniqueNames(text: string, value: unknown): boolean {
  return membersOf(value) === namesIn(text);
}

function membersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const members: unknown[] = Object.values(value);
  let count = Array.isArray(value) ? 0 : members.length;
  for (const member of members) count += membersOf(member);
  return count;
}

/** How many strings of the JSON are names of members. */
function namesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at)) {
    at++;
    while (at < text.length && text.charCodeAt(at) !== QUOTE) {
      at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
    }
    at++;
    if (text.charCodeAt(afterSpace(text, at)) === COLON) count++;
  }
  return count;
}
