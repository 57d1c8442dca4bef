import { Buffer } from 'node:buffer';
import { type TokenCounts } from '../count-job.js';

const NUMBER_BYTES = 8;

/** How many bytes an answer takes on its way back: three numbers. */
export const ANSWER_BYTES = 3 * NUMBER_BYTES;

/** Answers come in the order of the jobs, so that they need no number. */
export function answerBytes({ prompt, completion, reasoning }: TokenCounts): Buffer {
  const bytes = Buffer.alloc(ANSWER_BYTES);
  let at = 0;
  for (const count of [prompt, completion, reasoning]) at = bytes.writeDoubleLE(count ?? NaN, at);
  return bytes;
}

/** @param answer - as {@link answerBytes} wrote it */
export function countsIn(answer: Buffer): TokenCounts {
  return {
    prompt: countAt(answer, 0),
    completion: countAt(answer, NUMBER_BYTES),
    reasoning: countAt(answer, 2 * NUMBER_BYTES),
  };
}

function countAt(answer: Buffer, at: number): number | null {
  const count = answer.readDoubleLE(at);
  return Number.isNaN(count) ? null : count;
}
