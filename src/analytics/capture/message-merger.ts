import { isJsonObject, jsonValueIn } from '../../wire/json/json-value.js';
import { mergeChatChunk } from './chat-message.js';
import { mergeContentEvent } from './content-message.js';
import { type JsonObject } from './json-object.js';
import { mergeResponseEvent } from './response-message.js';

/** Reads the events of a stream into the one message that they amount to. */
export interface MessageMerger {
  /** Takes the data of one event; what is no JSON object, such as `[DONE]`, says nothing. */
  event(data: string): void;
  /** The message so far; null while no event said anything. */
  readonly message: JsonObject | null;
  /** Events beyond the bound were left out. */
  readonly isCut: boolean;
}

/**
 * Merges the events of chat completions, legacy completions, responses and messages; of a stream
 * of another kind, the events themselves are listed.
 *
 * @param maxLength - of the text in the events, in characters; events that come later are left out
 */
export function createMessageMerger(maxLength: number): MessageMerger {
  let message: JsonObject | null = null;
  let length = 0;
  let isCut = false;

  function merge(event: JsonObject): void {
    message ??= {};
    if (isJsonObject(event.error)) message.error = event.error;
    else if (Array.isArray(event.choices)) mergeChatChunk(message, event, event.choices);
    else if (typeof event.type !== 'string') list(message, event);
    else if (event.type.startsWith('response.')) mergeResponseEvent(message, event);
    else if (!mergeContentEvent(message, event)) list(message, event);
  }

  return {
    event(data) {
      if (isCut) return;
      const event = jsonValueIn(data);
      // No JSON, or half of one: the stream goes on.
      if (!isJsonObject(event)) return;
      length += textLength(event.choices ?? event);
      isCut = length > maxLength;
      if (!isCut) merge(event);
    },
    get message() {
      return message;
    },
    get isCut() {
      return isCut;
    },
  };
}

function list(message: JsonObject, event: JsonObject): void {
  const events = message.events;
  if (Array.isArray(events)) events.push(event);
  else message.events = [event];
}

/** Characters of all the text in a value, its names left out: what merging it may add. */
function textLength(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  let length = 0;
  for (const member of Object.values(value)) length += textLength(member);
  return length;
}
