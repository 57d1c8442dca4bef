import { JsonReader, TOO_DEEP } from './json-reader.js';
import { afterSpace } from './json-tokens.js';

/**
 * Why a text is not JSON: it ends too soon, has a character where the grammar allows none, or is
 * nested too deeply. `at` counts UTF-16 code units from 0.
 */
export type JsonFault =
  { readonly kind: 'end' | 'character'; readonly at: number } | { readonly kind: 'depth' };

/**
 * Finds why `parseSpans` refuses a text.
 *
 * @returns the first fault; null when the text is JSON.
 */
export function findJsonFault(text: string): JsonFault | null {
  const end = new JsonReader(text, 0).valueEnd(afterSpace(text, 0), 0);
  if (end === TOO_DEEP) return { kind: 'depth' };
  const at = end < 0 ? ~end : afterSpace(text, end);
  if (at < text.length) return { kind: 'character', at };
  return end < 0 ? { kind: 'end', at: text.length } : null;
}
