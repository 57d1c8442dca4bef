import { type ReportedUsage } from '../../../exchange/facts/tokens-of.js';
import { eventAround } from '../../../wire/sse/event-around.js';
import { dataIn } from '../../../wire/sse/sse-lines.js';
import { USAGE, usageBeforeEnd, usageInJson } from './usage-in-json.js';

/**
 * Deepest `usage` that counts in an event whose beginning is missing: its own, or that of the `response`
 * it holds, whose name cannot be seen.
 */
const MAX_UNSEEN_DEPTH = 2;

const STRING_BEHIND = /^\s*:\s*"([^"\\]+)"/;

/** Longest reason to finish that is read, with the space around it. */
const MAX_REASON_LENGTH = 80;

/**
 * The last `usage` object of an event stream that is the reply's and tells tokens.
 *
 * @param bytes - a byte string; the stream may be cut anywhere before and behind it
 * @returns null when there is none that is whole
 */
export function lastUsageIn(bytes: string): ReportedUsage | null {
  let at = bytes.lastIndexOf(USAGE);
  while (at !== -1) {
    const { start, block } = eventAround(bytes, at);
    const usage = usageInEvent(block);
    if (usage !== null || start === 0) return usage;
    at = bytes.lastIndexOf(USAGE, start - 1);
  }
  return null;
}

/** The first one, likewise. */
export function firstUsageIn(bytes: string): ReportedUsage | null {
  let at = bytes.indexOf(USAGE);
  while (at !== -1) {
    const { end, block } = eventAround(bytes, at);
    const usage = usageInEvent(block);
    if (usage !== null) return usage;
    at = bytes.indexOf(USAGE, end);
  }
  return null;
}

function usageInEvent(block: string): ReportedUsage | null {
  const data = dataIn(block);
  return data?.trimStart().startsWith('{') === true
    ? usageInJson(data)
    : usageBeforeEnd(block, MAX_UNSEEN_DEPTH);
}

/** The last reason to finish in JSON or events of it, cut anywhere: OpenAI's, or where there is none Anthropic's. */
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
