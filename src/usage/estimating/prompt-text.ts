import { isJsonObject } from '../../wire/json/json-value.js';
import { TextCollector } from './text-collector.js';

/** A longer prompt is taken to go on as it began. */
export const MAX_PROMPT_CHARACTERS = 262_144;

/** What the frame of a message takes, and the start of the answer: OpenAI's own figures for chats. */
const TOKENS_PER_MESSAGE = 3;
const TOKENS_BEFORE_ANSWER = 3;

/** What was read of a request, and how much more there was. */
export interface PromptText {
  readonly text: string;
  /** What its tokens are to be multiplied with. */
  readonly factor: number;
  /** Tokens that are no text. */
  readonly frameTokens: number;
}

/**
 * The text that a request has a model read: messages and tools of a chat, the prompt of a legacy
 * completion, the input of embeddings and of Responses, the system text of Messages. Images and
 * sound are not counted.
 *
 * @param request - its JSON, parsed
 */
export function promptTextOf(request: unknown): PromptText {
  const text = new TextCollector(MAX_PROMPT_CHARACTERS);
  let frameTokens = 0;
  if (isJsonObject(request)) {
    const { messages, tools, prompt, input, instructions, system } = request;
    if (Array.isArray(messages)) {
      for (const message of messages) addMessage(text, message);
      frameTokens = messages.length * TOKENS_PER_MESSAGE + TOKENS_BEFORE_ANSWER;
    }
    if (Array.isArray(tools)) text.add(JSON.stringify(tools));
    for (const part of [prompt, input, instructions, system]) frameTokens += addInput(text, part);
  }
  return { text: text.text, factor: text.factor, frameTokens };
}

function addMessage(text: TextCollector, message: unknown): void {
  if (!isJsonObject(message)) return;
  const { role, name, content, text: ownText, tool_calls: calls } = message;
  for (const field of [role, name, content, ownText])
    if (typeof field === 'string') text.add(field);
  if (Array.isArray(content)) {
    for (const part of content) {
      if (isJsonObject(part) && typeof part.text === 'string') text.add(part.text);
    }
  }
  if (Array.isArray(calls)) text.add(JSON.stringify(calls));
}

/** @returns how many tokens are no text: numbers that the client sent in its place, and frames */
function addInput(text: TextCollector, input: unknown): number {
  if (typeof input === 'string') text.add(input);
  if (typeof input === 'number') return 1;
  if (isJsonObject(input)) {
    addMessage(text, input);
    return TOKENS_PER_MESSAGE;
  }
  if (!Array.isArray(input)) return 0;
  let tokens = 0;
  for (const item of input) tokens += addInput(text, item);
  return tokens;
}
