/**
 * What a dialect makes of a text, in the order of the text. The texts given to `reasoning`,
 * `content`, `space`, `markup` and `callArguments` concatenate to exactly the text that was fed.
 */
export interface SegmentSink {
  /** A block of reasoning begins; its marker, if one was emitted, came as `markup`. */
  open(): void;
  reasoning(text: string): void;
  /** The block ends: at its marker, at a tool call, or with the text. */
  close(cause: BlockEnd): void;
  content(text: string): void;
  /** White space around a block, left out where reasoning is moved or removed. */
  space(text: string): void;
  /** Markers and headers: never shown. */
  markup(text: string): void;
  /** A tool call written as text begins. `recipient` as emitted, such as `functions.get_weather`. */
  callOpen(recipient: string): void;
  callArguments(text: string): void;
  callClose(): void;
}

/** What ended a block of reasoning: its marker, a tool call, or the end of the text. */
export type BlockEnd = 'marker' | 'tool' | 'end';

/**
 * Reads one message of one choice. Never throws on any text.
 *
 * What changes is asked by methods. An accessor in an object literal gives every object a hidden
 * class of its own, which lives among the old objects and keeps alive what the object points to:
 * that promoted a fifth of all that a reply allocates.
 */
export interface Dialect {
  /** The preset's name, `custom` for one from the configuration; with `auto` the one found. */
  name(): string;
  /** Takes a piece of the text, of any size, cut anywhere. */
  feed(text: string): void;
  /** A tool call follows outside the text: what is held is released, an open block ends. */
  interrupt(): void;
  /** The text is over: what is held is text of its kind, an open block ends. */
  end(): void;
  /** Reasoning was seen outside the text, so a message that begins inside a block does not. */
  reasoningSeenElsewhere(): void;
  /**
   * What all of a text is, where one look tells: nothing is held, and no marker can begin in it.
   * Such text need not be fed. Null where it must be.
   */
  glance(text: string): 'reasoning' | 'content' | null;
  /**
   * Whether a text that comes next in a block of reasoning says no more of it: behind white space
   * comes what ends the block, or may, or nothing.
   */
  mayEndBlock(text: string): boolean;
  /** Whether all further text is content as it is, so that nobody need look at it. */
  isSettled(): boolean;
  /** Characters fed but not yet given to the sink. */
  heldLength(): number;
}

/** How a dialect is to read one message. */
export interface DialectOptions {
  /**
   * Whether white space that may turn out to stand before a block is held until that is known.
   * An output that shows it in either case lets it go at once.
   */
  readonly leadingSpace: 'hold' | 'release';
}

/** Makes the reader of one message; what it finds goes to `sink`. */
export type DialectFactory = (sink: SegmentSink, options: DialectOptions) => Dialect;

/**
 * Most white space held before a leading block, and most of an unfinished header; in characters.
 * What is longer is text.
 */
export const MAX_HELD_CHARS = 1024;

/** How many characters of white space `text` has from `from` on. */
export function countSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text.charCodeAt(at))) at++;
  return at - from;
}

// ECMA-262 §12.2 and §12.3: what `\s` matches. The first test serves nearly every character.
function isSpace(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  return (
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000 ||
    code === 0xfeff
  );
}
