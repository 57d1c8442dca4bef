// Runs in a thread of its own. Node reads this file as it is where the sources run uncompiled, so
// it imports nothing of Sluice's, and holds no TypeScript but types.
import { constants, platform, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';

/** Text that is to be counted. */
export interface CountJob {
  readonly id: number;
  readonly texts: readonly string[];
}

/** The number of tokens of each text of the job. */
export interface CountResult {
  readonly id: number;
  readonly counts: readonly number[];
}

/**
 * Pair encoding takes quadratic time in the length of a word: 20,000 equal letters half a second.
 * Longer ones are counted in pieces.
 */
const LONG_WORD = /\S{256}(?=\S)|\s{256}(?=\s)/g;

/** What looks like a special token is text, whoever wrote it. */
const AS_TEXT = { disallowedSpecial: new Set<string>() };

function tokensIn(text: string): number {
  let tokens = 0;
  let start = 0;
  for (const word of text.matchAll(LONG_WORD)) {
    const end = word.index + word[0].length;
    tokens += countTokens(text.slice(start, end), AS_TEXT);
    start = end;
  }
  return tokens + countTokens(text.slice(start), AS_TEXT);
}

// Linux gives each thread a priority of its own: counting takes what time answers leave over. On
// other systems it would be that of the whole process.
if (platform() === 'linux') setPriority(constants.priority.PRIORITY_LOW);

parentPort?.on('message', ({ id, texts }: CountJob) => {
  const result: CountResult = { id, counts: texts.map(tokensIn) };
  parentPort?.postMessage(result);
});
