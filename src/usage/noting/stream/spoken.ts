import { isJsonObject } from '../../../wire/json/json-value.js';
import { REASONING_TEXT_FIELDS } from '../../../wire/reasoning-field-names.js';

/** What a chunk or body says, whatever API it is of. */
export interface Spoken {
  /** Content, refusals, and the names and arguments of tool calls. */
  answer: string;
  reasoning: string;
}

type Fields = Readonly<Record<string, unknown>>;

const ANSWER_FIELDS = ['content', 'text', 'refusal', 'name', 'arguments', 'partial_json'] as const;

/**
 * The text of a chunk of a stream, or of a whole reply: of OpenAI's chat and legacy completions and
 * Responses, and of Anthropic's Messages.
 *
 * @param value - its JSON, parsed
 */
export function spokenIn(value: unknown): Spoken {
  const spoken: Spoken = { answer: '', reasoning: '' };
  if (!isJsonObject(value)) return spoken;
  const { choices, delta, type } = value;
  if (Array.isArray(choices)) {
    for (const choice of choices) {
      if (isJsonObject(choice)) addChoice(spoken, choice);
    }
  } else if (typeof delta === 'string') {
    // Responses: the type of the event says what its text is.
    const isReasoning = typeof type === 'string' && type.includes('reasoning');
    spoken[isReasoning ? 'reasoning' : 'answer'] += delta;
  } else if (isJsonObject(delta)) {
    addMessage(spoken, delta);
  } else if (type === 'message') {
    addMessage(spoken, value);
  }
  return spoken;
}

function addChoice(spoken: Spoken, choice: Fields): void {
  const { delta, message, text } = choice;
  if (isJsonObject(delta)) addMessage(spoken, delta);
  else if (isJsonObject(message)) addMessage(spoken, message);
  else if (typeof text === 'string') spoken.answer += text;
}

function addMessage(spoken: Spoken, message: Fields): void {
  for (const name of REASONING_TEXT_FIELDS) {
    const text = message[name];
    if (typeof text !== 'string' || text === '') continue;
    // Some servers send the same thought under two names.
    spoken.reasoning += text;
    break;
  }
  for (const name of ANSWER_FIELDS) {
    const text = message[name];
    if (typeof text === 'string') spoken.answer += text;
  }
  if (Array.isArray(message.content)) addParts(spoken, message.content);
  if (Array.isArray(message.thinking)) addThoughts(spoken, message.thinking);
  if (isJsonObject(message.function_call)) addMessage(spoken, message.function_call);
  if (Array.isArray(message.tool_calls)) {
    for (const call of message.tool_calls) {
      if (isJsonObject(call) && isJsonObject(call.function)) addMessage(spoken, call.function);
    }
  }
}

function addParts(spoken: Spoken, parts: readonly unknown[]): void {
  for (const part of parts) if (isJsonObject(part)) addMessage(spoken, part);
}

/** Mistral nests the text of a thought in parts of its own. */
function addThoughts(spoken: Spoken, parts: readonly unknown[]): void {
  for (const part of parts) {
    if (isJsonObject(part) && typeof part.text === 'string') spoken.reasoning += part.text;
  }
}
