import { textOfJsonString } from '../byte-text.js';

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

/** What a value is; `literal` is `true`, `false` or `null`. */
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

/** The member, unless it is absent or its value is `null`. */
export function unlessNull(json: string, found: JsonMember | null): JsonMember | null {
  if (found?.value.kind !== 'literal') return found;
  return json.startsWith('null', found.value.start) ? null : found;
}

/** The decoded text of a string's span, of a byte string. */
export function textAt(bytes: string, { start, end }: TextRange): string {
  return textOfJsonString(bytes.slice(start, end));
}

/** The decoded text of the last member called `name`, of a byte string; null where it is no string. */
export function stringMember(bytes: string, span: JsonSpan, name: string): string | null {
  const value = member(span, name)?.value;
  return value?.kind === 'string' ? textAt(bytes, value) : null;
}
