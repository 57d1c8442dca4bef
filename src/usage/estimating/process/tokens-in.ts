import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';

/**
 * Pair encoding takes quadratic time in the length of a word: 20,000 equal letters half a second.
 * Longer ones are counted in pieces.
 */
const LONG_WORD = /\S{256}(?=\S)|\s{256}(?=\s)/g;

/** What looks like a special token is text, whoever wrote it. */
const AS_TEXT = { disallowedSpecial: new Set<string>() };

/** The number of tokens of a text (o200k_base, OpenAI's vocabulary since GPT-4o). */
export function tokensIn(text: string): number {
  let tokens = 0;
  let start = 0;
  for (const word of text.matchAll(LONG_WORD)) {
    const end = word.index + word[0].length;
    tokens += countTokens(text.slice(start, end), AS_TEXT);
    start = end;
  }
  return tokens + countTokens(text.slice(start), AS_TEXT);
}
