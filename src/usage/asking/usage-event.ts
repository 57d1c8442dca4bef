import { type ReportedUsage, tellingUsage } from '../../exchange/facts/tokens-of.js';
import { isJsonObject, jsonValueOfBytes } from '../../wire/json/json-value.js';
import { dataIn } from '../../wire/sse/sse-lines.js';

/** A line by which an event is one of an error, whatever its data. */
const ERROR_LINE = /^event: ?error$/m;

/**
 * Reads an event that says `usage` and has no choice: what a backend sends when it is asked for
 * the usage of a stream. An error that says it as well is the client's, and so is what is no chunk
 * of the API's: without `choices` it has to tell tokens, and to name no type of its own.
 *
 * @param block - the event, as a byte string
 * @returns null for any other event
 */
export function readUsageEvent(block: string): ReportedUsage | null {
  const data = dataIn(block);
  const chunk = data === null ? null : jsonValueOfBytes(data);
  if (!isJsonObject(chunk) || !isJsonObject(chunk.usage)) return null;
  const isError = (chunk.error ?? null) !== null || ERROR_LINE.test(block);
  if (isError || hasChoice(chunk.choices)) return null;
  if (chunk.choices !== undefined) return chunk.usage;
  return (chunk.type ?? null) === null ? tellingUsage(chunk.usage) : null;
}

function hasChoice(choices: unknown): boolean {
  return Array.isArray(choices) ? choices.length > 0 : (choices ?? null) !== null;
}
