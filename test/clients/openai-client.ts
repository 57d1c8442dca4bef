import OpenAI, { type ClientOptions } from 'openai';
import { type Gateway } from '../support/gateway/gateway.js';

/** The official client, told where Sluice is and nothing else. */
export function openaiAt({ url }: Gateway, options: ClientOptions = {}): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey: 'sk-of-the-client', ...options });
}

/** One user message, as every chat here begins. */
export const MESSAGES = [{ role: 'user', content: 'What is the capital of France?' }] as const;

/**
 * Node's `fetch`, whose errors are then of the realm that jest runs the tests in: the SDK tells
 * errors apart with `instanceof`, and would not know an abort that is not of its own realm.
 */
export const fetchOfThisRealm: typeof fetch = async (input, init) => {
  try {
    return await fetch(input, init);
  } catch (cause) {
    const isAbort = cause instanceof DOMException && cause.name === 'AbortError';
    const error = new Error('fetch failed', { cause });
    throw isAbort ? Object.assign(error, { name: cause.name }) : error;
  }
};
