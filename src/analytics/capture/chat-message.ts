import { isJsonObject } from '../../wire/json/json-value.js';
import { REASONING_TEXT_FIELDS } from '../../wire/reasoning-field-names.js';
import { append, type JsonObject, listIn, objectIn, put } from './json-object.js';

/** Members of a delta that come in pieces; of any other the last value that says something holds. */
const TEXTS: ReadonlySet<string> = new Set([
  ...REASONING_TEXT_FIELDS,
  'content',
  'refusal',
  'text',
  'arguments',
]);

/** Choices and tool calls of a higher index are left out: an index must not make an array grow. */
const MAX_INDEX = 127;

/** Merges a chunk of a chat or legacy completion, as the SDKs do. */
export function mergeChatChunk(message: JsonObject, chunk: JsonObject, choices: unknown[]): void {
  for (const [name, value] of Object.entries(chunk)) {
    if (name !== 'choices' && value !== null) replace(message, name, value);
  }
  if (message.object === 'chat.completion.chunk') message.object = 'chat.completion';
  const merged = listIn(message, 'choices');
  for (const choice of choices) if (isJsonObject(choice)) mergeChoice(merged, choice);
}

function mergeChoice(merged: unknown[], choice: JsonObject): void {
  const target = withIndex(merged, choice.index);
  if (target === null) return;
  for (const [name, value] of Object.entries(choice)) {
    if (name === 'delta' && isJsonObject(value)) mergeDelta(objectIn(target, 'message'), value);
    else if (name === 'text' && typeof value === 'string') append(target, name, value);
    // Each chunk has those of its own tokens, so that they are joined.
    else if (name === 'logprobs' && isJsonObject(value)) mergeDelta(objectIn(target, name), value);
    else if (value !== null && name !== 'delta') replace(target, name, value);
  }
}

function mergeDelta(target: JsonObject, delta: JsonObject): void {
  for (const [name, value] of Object.entries(delta)) {
    if (typeof value === 'string' && TEXTS.has(name)) append(target, name, value);
    else if (Array.isArray(value)) mergeItems(listIn(target, name), value);
    else if (isJsonObject(value)) mergeDelta(objectIn(target, name), value);
    else if (value !== null || !Object.hasOwn(target, name)) replace(target, name, value);
  }
}

/** Some servers repeat the id and the name of a tool call as empty strings: those say nothing. */
function replace(target: JsonObject, name: string, value: unknown): void {
  if (value !== '' || !Object.hasOwn(target, name)) put(target, name, value);
}

/** Tool calls go to the one of their index; parts of content follow each other. */
function mergeItems(target: unknown[], items: readonly unknown[]): void {
  for (const item of items) {
    if (!isJsonObject(item) || typeof item.index !== 'number') {
      target.push(item);
      continue;
    }
    const merged = withIndex(target, item.index);
    if (merged !== null) mergeDelta(merged, item);
  }
}

/** The entry of an index, made when it is new; null beyond the bound. */
function withIndex(entries: unknown[], index: unknown): JsonObject | null {
  const wanted = typeof index === 'number' ? index : 0;
  const known = entries.find((entry) => isJsonObject(entry) && entry.index === wanted);
  if (isJsonObject(known)) return known;
  if (!(wanted >= 0 && wanted <= MAX_INDEX)) return null;
  const made: JsonObject = { index: wanted };
  entries.push(made);
  return made;
}
