import { type ReportedUsage, tellingUsage } from '../exchange/tokens-of.js';
import { jsonValueOfBytes } from '../wire/json-value.js';

const USAGE = '"usage"';

/** A name that is followed by its object; within a string its quotes have backslashes. */
const OBJECT_BEHIND = /^\s*:\s*(?=\{)/;

const STRING_BEHIND = /^\s*:\s*"([^"\\]+)"/;

/** Longest reason to finish that is read, with the space around it. */
const MAX_REASON_LENGTH = 80;

/**
 * The last `usage` object in a piece of JSON, or of an event stream of it, cut anywhere.
 *
 * @param bytes - a byte string
 * @returns null when there is none that is whole and tells tokens
 */
export function lastUsageIn(bytes: string): ReportedUsage | null {
  for (let at = bytes.lastIndexOf(USAGE); at !== -1; at = bytes.lastIndexOf(USAGE, at - 1)) {
    const usage = usageAt(bytes, at + USAGE.length);
    if (usage !== null || at === 0) return usage;
  }
  return null;
}

/** The first one, likewise. */
export function firstUsageIn(bytes: string): ReportedUsage | null {
  for (let at = bytes.indexOf(USAGE); at !== -1; at = bytes.indexOf(USAGE, at + 1)) {
    const usage = usageAt(bytes, at + USAGE.length);
    if (usage !== null) return usage;
  }
  return null;
}

/** The last reason to finish, likewise: OpenAI's, or where there is none Anthropic's. */
export function lastFinishIn(bytes: string): string | null {
  return lastStringIn(bytes, '"finish_reason"') ?? lastStringIn(bytes, '"stop_reason"');
}

function lastStringIn(bytes: string, name: string): string | null {
  for (let at = bytes.lastIndexOf(name); at !== -1; at = bytes.lastIndexOf(name, at - 1)) {
    const behind = at + name.length;
    const found = STRING_BEHIND.exec(bytes.slice(behind, behind + MAX_REASON_LENGTH));
    if (found !== null || at === 0) return found?.[1] ?? null;
  }
  return null;
}

function usageAt(bytes: string, nameEnd: number): ReportedUsage | null {
  const colon = OBJECT_BEHIND.exec(bytes.slice(nameEnd, nameEnd + 16));
  if (colon === null) return null;
  const start = nameEnd + colon[0].length;
  const end = objectEnd(bytes, start);
  return end === -1 ? null : tellingUsage(jsonValueOfBytes(bytes.slice(start, end)));
}

const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Where the object ends that begins at `start`, if it is JSON; -1 when it does not end. */
function objectEnd(bytes: string, start: number): number {
  let depth = 0;
  let isInString = false;
  for (let at = start; at < bytes.length; at++) {
    const code = bytes.charCodeAt(at);
    if (code === QUOTE) isInString = !isInString;
    else if (isInString && code === BACKSLASH) at++;
    else if (!isInString && code === OPEN_BRACE) depth++;
    else if (!isInString && code === CLOSE_BRACE && --depth === 0) return at + 1;
  }
  return -1;
}
