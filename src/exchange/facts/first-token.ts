import { type ExchangeFacts } from './exchange-facts.js';

/** Milliseconds to the first token of reasoning or answer, whichever came first; null before it. */
export function firstTokenMsOf({
  firstReasoningMs,
  firstAnswerMs,
}: Pick<ExchangeFacts, 'firstReasoningMs' | 'firstAnswerMs'>): number | null {
  if (firstReasoningMs === null) return firstAnswerMs;
  return firstAnswerMs === null ? firstReasoningMs : Math.min(firstReasoningMs, firstAnswerMs);
}
