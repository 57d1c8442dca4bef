import { isJsonObject } from '../../wire/json/json-value.js';
import { type TokenUsage } from './token-usage.js';

/** A `usage` object as a backend sent it. */
export type ReportedUsage = Readonly<Record<string, unknown>>;

/**
 * Reads the tokens of a `usage` object: of OpenAI's chat and legacy completions and embeddings
 * (`prompt_tokens`, `completion_tokens`), of its Responses, audio and images (`input_tokens`,
 * `output_tokens`), of Anthropic's Messages, and what DeepSeek, Moonshot and xAI tell apart.
 *
 * @returns null for each number that is missing, or no finite integer from 0 on
 */
export function tokensOf(usage: ReportedUsage): TokenUsage {
  const promptDetails = objectIn(usage, 'prompt_tokens_details', 'input_tokens_details');
  const replyDetails = objectIn(usage, 'completion_tokens_details', 'output_tokens_details');
  const reasoningTokens =
    countIn(replyDetails, 'reasoning_tokens') ?? countIn(usage, 'reasoning_tokens');
  return {
    promptTokens: promptTokens(usage),
    completionTokens: completionTokens(usage, reasoningTokens),
    reasoningTokens,
    cachedTokens:
      countIn(promptDetails, 'cached_tokens') ??
      countIn(usage, 'prompt_cache_hit_tokens', 'cache_read_input_tokens', 'cached_tokens'),
  };
}

/**
 * A `usage` object that tells tokens of the request or of the reply.
 *
 * @param usage - what a backend sent under that name
 * @returns null for any other value, since whoever tells nothing is counted
 */
export function tellingUsage(usage: unknown): ReportedUsage | null {
  if (!isJsonObject(usage)) return null;
  return promptTokens(usage) === null && completionTokens(usage, null) === null ? null : usage;
}

/** Whether a `usage` tells tokens of the reply, so that the reply need not be counted. */
export function tellsCompletion(usage: ReportedUsage | null): boolean {
  return usage !== null && completionTokens(usage, null) !== null;
}

function promptTokens(usage: ReportedUsage): number | null {
  const prompt = countIn(usage, 'prompt_tokens');
  if (prompt !== null) return prompt;
  const input = countIn(usage, 'input_tokens');
  if (input !== null) {
    // Anthropic counts what was read from or written to its cache apart from the rest.
    const read = countIn(usage, 'cache_read_input_tokens') ?? 0;
    const written = countIn(usage, 'cache_creation_input_tokens') ?? 0;
    return input + read + written;
  }
  // Rerankers tell the total alone, and write no tokens.
  const isTotalAll = completionTokens(usage, null) === null;
  return isTotalAll ? countIn(usage, 'total_tokens') : null;
}

function completionTokens(usage: ReportedUsage, reasoningTokens: number | null): number | null {
  const completion = countIn(usage, 'completion_tokens', 'output_tokens');
  const prompt = countIn(usage, 'prompt_tokens');
  if (completion === null || prompt === null || !reasoningTokens) return completion;
  // xAI leaves reasoning out of the completion, which shows in the total.
  const withReasoning = completion + reasoningTokens;
  return countIn(usage, 'total_tokens') === prompt + withReasoning ? withReasoning : completion;
}

/** The first of these members that is a count. */
function countIn(usage: ReportedUsage | null, ...names: readonly string[]): number | null {
  if (usage === null) return null;
  for (const name of names) {
    const value = usage[name];
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  }
  return null;
}

function objectIn(usage: ReportedUsage, ...names: readonly string[]): ReportedUsage | null {
  for (const name of names) {
    const value = usage[name];
    if (isJsonObject(value)) return value;
  }
  return null;
}
