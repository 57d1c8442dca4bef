import { type ReportedUsage, tellingUsage } from '../../../exchange/facts/tokens-of.js';
import {
  afterSpace,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from '../../../wire/json/json-tokens.js';
import { jsonValueOfBytes } from '../../../wire/json/json-value.js';

/** The name with its quotes. No text in a JSON string can hold it: there quotes have backslashes. */
export const USAGE = '"usage"';

const BACKSLASH = 0x5c;

/** Members of an event whose own `usage` is the reply's: of Responses, Messages, and Groq. */
const HOLDERS: ReadonlySet<string> = new Set(['response', 'message', 'x_groq']);
const CHOICES = 'choices';
/** Of a choice's `usage`, as Moonshot sends it: `choices`, its list, the choice. */
const CHOICE_DEPTH = 3;

/**
 * The last `usage` object of a reply or event that tells tokens: its own, or one that stands where
 * backends are known to put it. Whatever a model says may hold another, such as the arguments of a
 * call.
 *
 * @param json - a byte string, which may be cut at its end
 */
export function usageInJson(json: string): ReportedUsage | null {
  if (!json.includes(USAGE)) return null;
  // At each depth the name of the member that is read; empty in a list.
  const names: string[] = [];
  let depth = 0;
  let usage: ReportedUsage | null = null;
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === OPEN_BRACE || code === OPEN_BRACKET) names[++depth] = '';
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--;
    if (code !== QUOTE) continue;
    const end = stringEnd(json, at);
    if (end === -1) break;
    if (depth <= CHOICE_DEPTH && json.charCodeAt(afterSpace(json, end)) === COLON) {
      names[depth] = json.slice(at + 1, end - 1);
      if (isUsageOfReply(names, depth)) usage = usageBehind(json, end) ?? usage;
    }
    at = end - 1;
  }
  return usage;
}

/** Whether the member that is read is the usage of the reply. */
function isUsageOfReply([, first = '', second, third]: readonly string[], depth: number): boolean {
  if (depth === 1) return first === 'usage';
  if (depth === 2) return second === 'usage' && HOLDERS.has(first);
  return depth === CHOICE_DEPTH && third === 'usage' && first === CHOICES && second === '';
}

/**
 * The same of JSON whose beginning is missing. How deep a `usage` stands is counted from the end, by the
 * objects and lists that are closed behind it; those are few, so that the scan is short.
 *
 * @param json - a byte string, with the end of its JSON
 * @param maxDepth - of a `usage` that counts; 1 is the reply's own
 */
export function usageBeforeEnd(json: string, maxDepth: number): ReportedUsage | null {
  let to = json.trimEnd().length;
  // It is cut, so that nobody can tell how many levels are still open.
  if (json.charCodeAt(to - 1) !== CLOSE_BRACE) return null;
  let depth = 0;
  for (let at = json.lastIndexOf(USAGE, to); at !== -1; at = lastBefore(json, at)) {
    if (isEscaped(json, at)) continue;
    const nameEnd = at + USAGE.length;
    depth += levelsClosed(json, nameEnd, to);
    to = at;
    const usage = depth >= 1 && depth <= maxDepth ? usageBehind(json, nameEnd) : null;
    if (usage !== null) return usage;
  }
  return null;
}

function lastBefore(json: string, at: number): number {
  return at === 0 ? -1 : json.lastIndexOf(USAGE, at - 1);
}

/** By how many levels more is closed than opened between two places that are in no string. */
function levelsClosed(json: string, from: number, to: number): number {
  let levels = 0;
  let isInString = false;
  for (let at = from; at < to; at++) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) isInString = !isInString;
    else if (isInString && code === BACKSLASH) at++;
    else if (isInString) continue;
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) levels--;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) levels++;
  }
  return levels;
}

/** Where the string ends that begins at `start`; -1 when it does not end. */
function stringEnd(json: string, start: number): number {
  let quote = json.indexOf('"', start + 1);
  while (quote !== -1 && isEscaped(json, quote)) quote = json.indexOf('"', quote + 1);
  return quote === -1 ? -1 : quote + 1;
}

function isEscaped(json: string, at: number): boolean {
  let start = at;
  while (json.charCodeAt(start - 1) === BACKSLASH) start--;
  return (at - start) % 2 === 1;
}

/** The object behind a name, if it is whole and tells tokens. */
function usageBehind(json: string, nameEnd: number): ReportedUsage | null {
  const colon = afterSpace(json, nameEnd);
  if (json.charCodeAt(colon) !== COLON) return null;
  const start = afterSpace(json, colon + 1);
  if (json.charCodeAt(start) !== OPEN_BRACE) return null;
  const end = objectEnd(json, start);
  return end === -1 ? null : tellingUsage(jsonValueOfBytes(json.slice(start, end)));
}

/** Where the object ends that begins at `start`, if it is JSON; -1 when it does not end. */
function objectEnd(json: string, start: number): number {
  let depth = 0;
  let isInString = false;
  for (let at = start; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) isInString = !isInString;
    else if (isInString && code === BACKSLASH) at++;
    else if (!isInString && code === OPEN_BRACE) depth++;
    else if (!isInString && code === CLOSE_BRACE && --depth === 0) return at + 1;
  }
  return -1;
}
