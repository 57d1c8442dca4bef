import { type JsonSpan } from '../../src/wire/json/json-span.js';
import { parseSpans } from '../../src/wire/json/parse-spans.js';

/** The spans of what must be JSON. */
export function spansOf(text: string): JsonSpan {
  const span = parseSpans(text);
  if (span === null) throw new Error('refused');
  return span;
}

/** A span and all below it. */
export function allSpans(span: JsonSpan): JsonSpan[] {
  const below = [...(span.items ?? []), ...(span.members ?? []).map(({ value }) => value)];
  return [span, ...below.flatMap(allSpans)];
}
