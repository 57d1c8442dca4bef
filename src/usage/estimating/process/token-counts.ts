import { JsonTextError, parseRequestJson } from '../../../wire/json/request-json.js';
import { type CompletionText, completionTextOf } from '../completion-text.js';
import { type CountJob, type PromptSource, type TokenCounts } from '../count-job.js';
import { promptTextOf, type PromptText } from '../prompt-text.js';
import { tokensIn } from './tokens-in.js';

/** Finds the text of an exchange and counts its tokens. */
export function tokenCountsOf({ prompt, reply }: CountJob): TokenCounts {
  return {
    prompt: promptTokens(promptIn(prompt)),
    ...replyTokens(reply === null ? null : completionTextOf(reply)),
  };
}

function promptTokens(prompt: PromptText | null): number | null {
  return prompt && Math.round(tokensIn(prompt.text) * prompt.factor) + prompt.frameTokens;
}

function replyTokens(text: CompletionText | null): Omit<TokenCounts, 'prompt'> {
  if (text === null) return { completion: null, reasoning: null };
  const { answer, reasoning, factor } = text;
  const reasoningTokens = tokensIn(reasoning);
  return {
    completion: Math.round((tokensIn(answer) + reasoningTokens) * factor),
    reasoning: reasoning === '' ? null : Math.round(reasoningTokens * factor),
  };
}

/** Null also for a request that is no JSON. */
function promptIn(source: PromptSource | null): PromptText | null {
  if (source === null || source.is === 'text') return source;
  try {
    return promptTextOf(parseRequestJson(source.bytes));
  } catch (error) {
    if (error instanceof JsonTextError) return null;
    throw error;
  }
}
