import { dataIn } from '../wire/sse-lines.js';
import { isJsonObject, jsonValueOfBytes } from '../wire/json-value.js';
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
  const chunk = data === null ? null : jsonValueOfBytes(data);
  if (!isJsonObject(chunk) || !isJsonObject(chunk.usage)) return null;
  return Array.isArray(chunk.choices) && chunk.choices.length === 0 ? chunk.usage : null;
}
