import { utf8OfBytes } from '../../../wire/byte-text.js';
import { type ChoiceState } from '../choice-state.js';
import { type CallPiece, type TextPiece } from '../pipeline/piece.js';

/**
 * The form of an event that differs from others of its stream in one string alone, as nearly all
 * do, or in one more that means nothing. An event that begins and ends like one that was parsed
 * before, with a string between, need not be parsed again: its meaning is the same but for that
 * string. This is where the speed of the rewriting comes from.
 */
export interface DeltaTemplate {
  /** The block's bytes up to and with the quote that opens the text. */
  readonly prefix: string;
  /**
   * From the quote that closes the text to the one that opens OpenAI's `obfuscation`, which is
   * random in each event; empty where there is none.
   */
  readonly middle: string;
  /** From the quote that closes the last of these strings to the end of the block. */
  readonly suffix: string;
  readonly choice: ChoiceState;
  /** What the text is; `kept` is reasoning in a field where it stays. */
  readonly source: TextPiece['kind'] | 'kept';
  /** The block that carries a piece of a kind; made when it is first asked for. */
  readonly frame: (kind: TextPiece['kind']) => Frame;
  /** Whether text of this kind goes out in the very form it came in. */
  readonly isUnchanged: boolean;
  /** The chunk that carries a tool call, as JSON. */
  readonly callChunk: (piece: CallPiece) => string;
}

/** The strings by which an event differs from others of its template, in bytes, without quotes. */
export interface Slots {
  readonly text: string;
  /** Empty where the template has no `middle`. */
  readonly obfuscation: string;
}

/** A block with places for the strings that change. */
export class Frame {
  /**
   * @param parts - cut where the text goes, the last of them behind `obfuscation`'s first quote
   * @param end - what follows `obfuscation`; empty where there is none
   */
  constructor(
    private readonly parts: readonly string[],
    private readonly end: string,
  ) {}

  /** The blocks of many events, one behind the other. */
  writeAll(texts: readonly string[], obfuscations: readonly string[]): string {
    const [head = '', tail] = this.parts;
    if (this.end === '' && tail !== undefined && this.parts.length === 2) {
      return head + texts.join(tail + head) + tail;
    }
    const blocks = texts.map((text, index) =>
      this.write({ text, obfuscation: obfuscations[index] ?? '' }),
    );
    return blocks.join('');
  }

  write({ text, obfuscation }: Slots): string {
    return this.end === '' ? this.parts.join(text) : this.parts.join(text) + obfuscation + this.end;
  }
}

/** Several choices, and reasoning beside content, each have a form of their own. */
const MAX_TEMPLATES = 8;

/** After so many templates that no event fitted, a stream has none: each event is unlike the rest. */
const MAX_USELESS_TEMPLATES = 16;

// Whole strings are compared as blocks of memory: measured three times as fast as startsWith and
// endsWith, which go character by character.
function isEqual(a: string, b: string): boolean {
  return a === b;
}

function beginsLike({ prefix }: DeltaTemplate, bytes: string, start: number): boolean {
  return isEqual(bytes.slice(start, start + prefix.length), prefix);
}

/** Whether a block that begins like a template's events ends like them too. */
export function endsLike({ prefix, suffix }: DeltaTemplate, block: string): boolean {
  return (
    block.length >= prefix.length + suffix.length &&
    isEqual(block.slice(block.length - suffix.length), suffix)
  );
}

/**
 * The strings of an event, given what stands between its template's first and last part.
 *
 * @returns null where `middle` is not there
 */
export function slotsIn(between: string, { middle }: DeltaTemplate): Slots | null {
  if (middle === '') return { text: between, obfuscation: '' };
  const textEnd = between.indexOf(middle);
  if (textEnd === -1) return null;
  const obfuscation = between.slice(textEnd + middle.length);
  return { text: between.slice(0, textEnd), obfuscation };
}

/** The templates of one stream, the latest first. */
export class TemplateStore {
  #templates: readonly DeltaTemplate[] = [];
  #addedSinceFit = 0;

  /** Whether it pays to make another: a template costs as much as parsing several events. */
  get isWorthFilling(): boolean {
    return this.#addedSinceFit < MAX_USELESS_TEMPLATES;
  }

  /** The template that an event may fit by its beginning and its end; null when it must be parsed. */
  find(block: string): DeltaTemplate | null {
    for (const template of this.#templates) {
      if (endsLike(template, block) && beginsLike(template, block, 0)) return template;
    }
    return null;
  }

  /** An event was dealt with by a template. */
  served(): void {
    this.#addedSinceFit = 0;
  }

  /** The template whose events begin like the one at `start` in `bytes`, null when none does. */
  beginningAt(bytes: string, start: number): DeltaTemplate | null {
    for (const template of this.#templates) {
      if (beginsLike(template, bytes, start)) return template;
    }
    return null;
  }

  add(template: DeltaTemplate): void {
    this.#addedSinceFit++;
    const kept = this.isWorthFilling ? this.#templates : [];
    this.#templates = [template, ...kept.slice(0, MAX_TEMPLATES - 1)];
  }

  clear(): void {
    this.#templates = [];
  }
}

/** Inside of a JSON string (RFC 8259 §7) that is its own meaning. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** Whether the inside of a JSON string, in bytes, is its own text. */
export function isPlain(raw: string): boolean {
  return PLAIN.test(raw);
}

/**
 * The text of the inside of a JSON string.
 *
 * @param raw - what stands between two quotes, as bytes
 * @returns null where that is no single string (RFC 8259 §7), so that the event must be parsed
 */
export function readRawString(raw: string): string | null {
  if (isPlain(raw)) return raw;
  try {
    const text: unknown = JSON.parse(`"${utf8OfBytes(raw)}"`);
    return typeof text === 'string' ? text : null;
  } catch {
    return null;
  }
}
