import { isJsonObject, jsonValueIn } from '../../wire/json/json-value.js';
import { append, type JsonObject, listIn, objectIn, put } from './json-object.js';

/** Blocks of a higher index are left out. */
const MAX_BLOCKS = 1024;

/** Holds the arguments of a tool while they come, which they do as pieces of JSON text. */
const INPUT_TEXT = 'input_json';

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
      if (typeof event.index === 'number') finishInput(listIn(message, 'content')[event.index]);
      return true;
    case 'message_stop':
      listIn(message, 'content').forEach(finishInput);
      return true;
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
  append(block, from === 'partial_json' ? INPUT_TEXT : from, text);
}

/** Puts the arguments of a tool where a message has them; what is no JSON stays the text it is. */
function finishInput(block: unknown): void {
  if (!isJsonObject(block)) return;
  const text = block[INPUT_TEXT];
  if (typeof text !== 'string') return;
  // A tool without arguments: the block began with an input of `{}`.
  const input = text === '' ? block.input : jsonValueIn(text);
  if (input === undefined) return;
  Reflect.deleteProperty(block, INPUT_TEXT);
  put(block, 'input', input);
}

function putAll(target: JsonObject, members: JsonObject): void {
  for (const [name, value] of Object.entries(members)) put(target, name, value);
}
