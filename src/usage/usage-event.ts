import { dataIn, leadOf, lineEndOf, readSseLines } from '../wire/sse-lines.js';
import { jsonValueOf } from './json-value.js';
import { isJsonObject } from '../wire/json-value.js';
import { type ReportedUsage } from '../exchange/tokens-of.js';

/**
 * Reads an event that says `usage` and has no choice: what a backend sends when it is asked for
 * the usage of a stream.
 *
 * @param block - the event, as a byte string
 * @returns null for any other event
 */
export function readUsageEvent(block: string): ReportedUsage | null {
  const data = dataIn(block);
  const chunk = data === null ? null : jsonValueOf(data);
  if (!isJsonObject(chunk) || !isJsonObject(chunk.usage)) return null;
  return Array.isArray(chunk.choices) && chunk.choices.length === 0 ? chunk.usage : null;
}

/** A line behind the first one that is a comment. */
const COMMENT = /[\r\n]:/;

/** What is left of an event that vanishes: its comments, and the line end that was another's. */
export function withoutEvent(block: string): string {
  if (block.startsWith('data') && !COMMENT.test(block)) return '';
  const end = lineEndOf(block);
  const comments = readSseLines(block).filter(({ field }) => field === 'comment');
  return leadOf(block) + comments.map(({ raw }) => raw + end).join('');
}
