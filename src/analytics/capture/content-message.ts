import { isJsonObject } from '../../wire/json-value.js';
import { append, type JsonObject, listIn, objectIn, put } from './json-object.js';

/** Blocks of a higher index are left out. */
const MAX_BLOCKS = 1024;

const DELTAS: ReadonlyMap<string, string> = new Map([
  ['text_delta', 'text'],
  ['thinking_delta', 'thinking'],
  ['signature_delta', 'signature'],
  ['input_json_delta', 'partial_json'],
]);

/**
 * Merges an event of the Messages API (Anthropic).
 *
 * @returns false when it is of another kind
 */
export function mergeContentEvent(message: JsonObject, event: JsonObject): boolean {
  switch (event.type) {
    case 'message_start':
      if (isJsonObject(event.message)) putAll(message, event.message);
      return true;
    case 'content_block_start':
      if (isJsonObject(event.content_block)) {
        const blocks = listIn(message, 'content');
        if (blocks.length < MAX_BLOCKS) blocks.push({ ...event.content_block });
      }
      return true;
    case 'content_block_delta':
      mergeBlock(message, event.index, event.delta);
      return true;
    case 'message_delta':
      if (isJsonObject(event.delta)) putAll(message, event.delta);
      if (isJsonObject(event.usage)) putAll(objectIn(message, 'usage'), event.usage);
      return true;
    case 'content_block_stop':
    case 'message_stop':
    case 'ping':
      return true;
    default:
      return false;
  }
}

function mergeBlock(message: JsonObject, index: unknown, delta: unknown): void {
  const block = typeof index === 'number' ? listIn(message, 'content')[index] : undefined;
  if (!isJsonObject(block) || !isJsonObject(delta)) return;
  const from = DELTAS.get(String(delta.type));
  if (from === undefined) return;
  const text = delta[from];
  if (typeof text !== 'string') return;
  // The arguments of a tool come as JSON text; the block has room for their value only.
  append(block, from === 'partial_json' ? 'input_json' : from, text);
}

function putAll(target: JsonObject, members: JsonObject): void {
  for (const [name, value] of Object.entries(members)) put(target, name, value);
}
