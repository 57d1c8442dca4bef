import { isJsonObject } from '../../wire/json/json-value.js';
import { append, type JsonObject, put } from './json-object.js';

const TEXT_DELTAS: ReadonlyMap<string, string> = new Map([
  ['response.output_text.delta', 'output_text'],
  ['response.refusal.delta', 'refusal'],
  ['response.reasoning_text.delta', 'reasoning'],
  ['response.reasoning_summary_text.delta', 'reasoning'],
  ['response.function_call_arguments.delta', 'arguments'],
]);

const TEXTS: readonly string[] = [...new Set(TEXT_DELTAS.values())];

/**
 * Merges an event of the Responses API: each `response` it names takes the place of the one before.
 * The last of them holds all the text, so pieces are kept only as long as there is no such end.
 */
export function mergeResponseEvent(message: JsonObject, event: JsonObject): void {
  const { type, response, delta } = event;
  if (isJsonObject(response)) {
    for (const [name, value] of Object.entries(response)) put(message, name, value);
    if (type === 'response.completed')
      for (const text of TEXTS) Reflect.deleteProperty(message, text);
    return;
  }
  const text = TEXT_DELTAS.get(String(type));
  if (text !== undefined && typeof delta === 'string') append(message, text, delta);
}
