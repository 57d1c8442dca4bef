import { JsonReader, MAX_JSON_DEPTH } from './json-reader.js';
import { afterSpace } from './json-tokens.js';

/** A part of a text: `text.slice(start, end)`. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Where one JSON value stands in its text, without the white space around it. */
export interface JsonSpan extends TextRange {
  readonly kind: JsonKind;
  /** Of an object, in order, duplicates kept; absent where it lies below the depth asked for. */
  readonly members?: readonly JsonMember[];
  /** Of an array, in order; absent where it lies below the depth asked for. */
  readonly items?: readonly JsonSpan[];
}

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'literal';

/** A name and its value in an object. */
export interface JsonMember {
  /**
   * The name with its escapes decoded. In a byte string its UTF-8 is not decoded, so compare it
   * with ASCII names only.
   */
  readonly key: string;
  /** The name's literal, from quote to quote. */
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly value: JsonSpan;
}

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

/** The last member called `name`, as parsers that take one of several take the last; else null. */
export function member(span: JsonSpan, name: string): JsonMember | null {
  const { members } = span;
  if (members === undefined) return null;
  // A plain loop: this is asked a dozen times for each event of a stream that must be parsed.
  for (let at = members.length - 1; at >= 0; at--) {
    const found = members[at];
    if (found?.key === name) return found;
  }
  return null;
}

/** Every member called `name`, in order. */
export function membersNamed(span: JsonSpan, name: string): readonly JsonMember[] {
  return span.members?.filter(({ key }) => key === name) ?? [];
}
