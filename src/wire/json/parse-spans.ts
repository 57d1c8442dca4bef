import { JsonReader, MAX_JSON_DEPTH } from './json-reader.js';
import { type JsonSpan } from './json-span.js';
import { afterSpace } from './json-tokens.js';

/** How deep members and items are listed. */
export interface SpanOptions {
  /**
   * Levels of objects and arrays whose members and items are listed: 1 lists those of the
   * outermost alone. What is below is checked all the same. Default: every level.
   */
  readonly depth?: number;
}

/**
 * Finds where each value of a JSON text (RFC 8259, nothing more) stands.
 *
 * @param text - text or a byte string (see `byte-text.ts`).
 * @returns the span of the outermost value; null when the text is not JSON or nested deeper than
 * {@link MAX_JSON_DEPTH}; `findJsonFault` tells why.
 */
export function parseSpans(
  text: string,
  { depth = MAX_JSON_DEPTH }: SpanOptions = {},
): JsonSpan | null {
  const span = new JsonReader(text, depth).valueSpan(afterSpace(text, 0), 0);
  return span !== null && afterSpace(text, span.end) === text.length ? span : null;
}
