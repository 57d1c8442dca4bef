import { ExchangeError } from '../exchange/exchange-error.js';
import { modelNamedIn } from '../exchange/request/requested-model.js';
import { isJsonObject } from '../wire/json/json-value.js';

/** What matters of a chat request, once it was found to be one. */
export interface ChatRequest {
  readonly model: string | null;
  /** The client asked for an event stream. */
  readonly isStream: boolean;
}

/**
 * Checks what any backend would refuse, so that a mistake is told at once and in plain words. What
 * a backend may know better is left to it.
 *
 * @param body - the request's JSON
 * @throws ExchangeError `invalid_json` when it is no object, `missing_field` without messages
 */
export function readChatRequest(body: unknown): ChatRequest {
  if (!isJsonObject(body)) {
    throw new ExchangeError('invalid_json', 'the request body is JSON, but not an object');
  }
  const { messages, stream } = body;
  if (!Array.isArray(messages) || messages.length === 0) {
    const fault = messages === undefined ? 'is missing' : 'must be a list of at least one message';
    throw new ExchangeError('missing_field', `'messages' ${fault}`, { param: 'messages' });
  }
  return {
    model: modelNamedIn(body),
    isStream: stream === true,
  };
}
