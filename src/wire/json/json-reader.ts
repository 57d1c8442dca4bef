import { type JsonKind, type JsonMember, type JsonSpan } from './json-span.js';
import { JsonStrings } from './json-strings.js';
import {
  afterSpace,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  literalEnd,
  LOWER_F,
  LOWER_N,
  LOWER_T,
  numberEnd,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from './json-tokens.js';

/** Deepest nesting of objects and arrays that is read: what bounds the stack. */
export const MAX_JSON_DEPTH = 512;

/** Returned in place of an end by a text nested deeper; below every `~position` there can be. */
export const TOO_DEEP = -(2 ** 31);

/**
 * Reads the values of one JSON text (RFC 8259) from front to back.
 *
 * Methods whose name ends in `End` return as the functions of `json-tokens.ts` do, or
 * {@link TOO_DEEP}. `level` counts the objects and arrays around a value.
 */
export class JsonReader {
  private readonly strings: JsonStrings;

  /** @param depth - levels whose members and items are listed. */
  constructor(
    private readonly text: string,
    private readonly depth: number,
  ) {
    this.strings = new JsonStrings(text);
  }

  /** The span of the value that begins at `start`; null where the text is not JSON. */
  valueSpan(start: number, level: number): JsonSpan | null {
    switch (this.text.charCodeAt(start)) {
      case OPEN_BRACE:
        return level < this.depth
          ? this.listedObject(start, level)
          : this.span('object', start, level);
      case OPEN_BRACKET:
        return level < this.depth
          ? this.listedArray(start, level)
          : this.span('array', start, level);
      case QUOTE:
        return this.span('string', start, level);
      case LOWER_F:
      case LOWER_N:
      case LOWER_T:
        return this.span('literal', start, level);
      default:
        return this.span('number', start, level);
    }
  }

  /** The end of the value that begins at `start`, without a list of anything. */
  valueEnd(start: number, level: number): number {
    switch (this.text.charCodeAt(start)) {
      case OPEN_BRACE:
        return this.objectEnd(start, level, null);
      case OPEN_BRACKET:
        return this.arrayEnd(start, level, null);
      case QUOTE:
        return this.strings.end(start);
      case LOWER_F:
        return literalEnd(this.text, start, 'false');
      case LOWER_N:
        return literalEnd(this.text, start, 'null');
      case LOWER_T:
        return literalEnd(this.text, start, 'true');
      default:
        return numberEnd(this.text, start);
    }
  }

  private span(kind: JsonKind, start: number, level: number): JsonSpan | null {
    const end = this.valueEnd(start, level);
    return end < 0 ? null : { kind, start, end };
  }

  private listedObject(start: number, level: number): JsonSpan | null {
    const members: JsonMember[] = [];
    const end = this.objectEnd(start, level, members);
    return end < 0 ? null : { kind: 'object', start, end, members };
  }

  private listedArray(start: number, level: number): JsonSpan | null {
    const items: JsonSpan[] = [];
    const end = this.arrayEnd(start, level, items);
    return end < 0 ? null : { kind: 'array', start, end, items };
  }

  private objectEnd(start: number, level: number, members: JsonMember[] | null): number {
    if (level === MAX_JSON_DEPTH) return TOO_DEEP;
    const text = this.text;
    let at = afterSpace(text, start + 1);
    if (text.charCodeAt(at) === CLOSE_BRACE) return at + 1;
    for (;;) {
      at = this.memberEnd(at, level + 1, members);
      if (at < 0) return at;
      at = afterSpace(text, at);
      if (text.charCodeAt(at) === CLOSE_BRACE) return at + 1;
      if (text.charCodeAt(at) !== COMMA) return ~at;
      at = afterSpace(text, at + 1);
    }
  }

  private memberEnd(keyStart: number, level: number, members: JsonMember[] | null): number {
    const text = this.text;
    if (text.charCodeAt(keyStart) !== QUOTE) return ~keyStart;
    const keyEnd = this.strings.end(keyStart);
    if (keyEnd < 0) return keyEnd;
    const colon = afterSpace(text, keyEnd);
    if (text.charCodeAt(colon) !== COLON) return ~colon;
    const start = afterSpace(text, colon + 1);
    if (members === null) return this.valueEnd(start, level);
    const key = this.keyOf(keyStart, keyEnd);
    const value = this.valueSpan(start, level);
    if (value === null) return ~start;
    members.push({ key, keyStart, keyEnd, value });
    return value.end;
  }

  private arrayEnd(start: number, level: number, items: JsonSpan[] | null): number {
    if (level === MAX_JSON_DEPTH) return TOO_DEEP;
    const text = this.text;
    let at = afterSpace(text, start + 1);
    if (text.charCodeAt(at) === CLOSE_BRACKET) return at + 1;
    for (;;) {
      at = this.itemEnd(at, level + 1, items);
      if (at < 0) return at;
      at = afterSpace(text, at);
      if (text.charCodeAt(at) === CLOSE_BRACKET) return at + 1;
      if (text.charCodeAt(at) !== COMMA) return ~at;
      at = afterSpace(text, at + 1);
    }
  }

  private itemEnd(start: number, level: number, items: JsonSpan[] | null): number {
    if (items === null) return this.valueEnd(start, level);
    const item = this.valueSpan(start, level);
    if (item === null) return ~start;
    items.push(item);
    return item.end;
  }

  private keyOf(start: number, end: number): string {
    const inner = this.text.slice(start + 1, end - 1);
    return this.strings.hasEscape(start) ? String(JSON.parse(`"${inner}"`)) : inner;
  }
}
