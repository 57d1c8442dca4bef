import { dataIn } from '../../wire/sse-lines.js';
import { isJsonObject, jsonValueOfBytes } from '../../wire/json-value.js';
import { type ReportedUsage } from '../../exchange/tokens-of.js';

/** A line by which an event is one of an error, whatever its data. */
const ERROR_LINE = /^event: ?error$/m;

/**
 * Reads an event that says `usage` and has no choice: what a backend sends when it is asked for
 * the usage of a stream. An error that says it as well is the client's.
 *
 * @param block - the event, as a byte string
 * @returns null for any other event
 */
export function readUsageEvent(block: string): ReportedUsage | null {
  const data = dataIn(block);
  const chunk = data === null ? null : jsonValueOfBytes(data);
  if (!isJsonObject(chunk) || !isJsonObject(chunk.usage)) return null;
  const isError = (chunk.error ?? null) !== null || ERROR_LINE.test(block);
  return isError || hasChoice(chunk.choices) ? null : chunk.usage;
}

function hasChoice(choices: unknown): boolean {
  return Array.isArray(choices) ? choices.length > 0 : (choices ?? null) !== null;
}
