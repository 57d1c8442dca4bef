import { type AffinityConfig } from '../../config/typed/affinity.js';
import { isJsonObject } from '../../wire/json/json-value.js';
import { hashOf } from './key-hash.js';

/** Messages looked at until one of the user's has come. */
const MAX_MESSAGES = 8;

/** Of each message; where longer texts part after it they still share most of a cached prefix. */
const MAX_CHARACTERS = 4096;

/**
 * The key of a request, equal for requests that belong together.
 *
 * @param header - reads a header field of the request; null when absent.
 * @param body - the request's JSON; undefined when it was not read.
 * @returns 32 bits; null when the request has nothing to tell it by.
 */
export function affinityKey(
  affinity: AffinityConfig,
  header: (name: string) => string | null,
  body: unknown,
): number | null {
  switch (affinity.kind) {
    case 'header': {
      const value = header(affinity.name);
      return value === null || value === '' ? null : hashOf(value);
    }
    case 'prefix':
      return conversationKey(body);
    default: {
      const exhaustiveCheck: never = affinity;
      return exhaustiveCheck;
    }
  }
}

/**
 * The key of a conversation: its messages up to the first one of the user, which stay as they are
 * while it goes on. Of each message the first 4,096 characters count; images and the like do not.
 *
 * @param body - the request's JSON.
 * @returns 32 bits; null for what is no conversation.
 */
export function conversationKey(body: unknown): number | null {
  if (!isJsonObject(body) || !Array.isArray(body.messages)) return null;
  const opening: string[] = [textOf(body.system)];
  for (const message of body.messages.slice(0, MAX_MESSAGES)) {
    if (!isJsonObject(message)) return null;
    opening.push(textOf(message.role), textOf(message.content));
    if (message.role === 'user') break;
  }
  return opening.length === 1 ? null : hashOf(JSON.stringify(opening));
}

/** Of a string, or of the text parts of a list. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content.slice(0, MAX_CHARACTERS);
  if (!Array.isArray(content)) return '';
  let text = '';
  for (const part of content) {
    if (isJsonObject(part) && typeof part.text === 'string')
      text += part.text.slice(0, MAX_CHARACTERS);
    if (text.length >= MAX_CHARACTERS) break;
  }
  return text.slice(0, MAX_CHARACTERS);
}
