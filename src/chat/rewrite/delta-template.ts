import { textOfJsonString } from '../../wire/byte-text.js';
import { type ChoiceState } from './choice-state.js';
import { type CallPiece, type TextPiece } from './piece.js';

/**
 * The form of an event that differs from others of its stream in one string alone, as nearly all
 * do. An event that begins and ends like one that was parsed before, with a string between, need
 * not be parsed again: its meaning is the same but for that string. This is where the speed of the
 * rewriting comes from.
 */
export interface DeltaTemplate {
  /** The block's bytes up to and with the quote that opens the string. */
  readonly prefix: string;
  /** The block's bytes from the quote that closes the string. */
  readonly suffix: string;
  readonly choice: ChoiceState;
  /** What the string is; `kept` is reasoning in a field where it stays. */
  readonly source: TextPiece['kind'] | 'kept';
  /** The block that carries a piece of a kind, cut where its text goes; empty where none can. */
  readonly frames: Readonly<Record<TextPiece['kind'], readonly string[]>>;
  /** Whether text of this kind goes out in the very form it came in. */
  readonly isUnchanged: boolean;
  /** The chunk that carries a tool call, as JSON. */
  readonly callChunk: (piece: CallPiece) => string;
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

function fits({ prefix, suffix }: DeltaTemplate, block: string): boolean {
  return (
    block.length >= prefix.length + suffix.length &&
    isEqual(block.slice(block.length - suffix.length), suffix) &&
    isEqual(block.slice(0, prefix.length), prefix)
  );
}

/** The templates of one stream, the latest first. */
export class TemplateStore {
  #templates: readonly DeltaTemplate[] = [];
  #addedSinceFit = 0;

  /** Whether it pays to make another: a template costs as much as parsing several events. */
  get isWorthFilling(): boolean {
    return this.#addedSinceFit < MAX_USELESS_TEMPLATES;
  }

  /** The template an event fits, null when it must be parsed. */
  find(block: string): DeltaTemplate | null {
    for (const template of this.#templates) {
      if (!fits(template, block)) continue;
      this.#addedSinceFit = 0;
      return template;
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

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;
const FIRST_NON_ASCII = 0x80;

/**
 * The text of the string in an event that fits a template.
 *
 * @param raw - what stands between the template's two quotes, as bytes
 * @returns null where that is no single string (RFC 8259 §7), so that the event must be parsed
 */
export function readRawString(raw: string): string | null {
  let isPlain = true;
  for (let at = 0; at < raw.length; at++) {
    const code = raw.charCodeAt(at);
    if (code < FIRST_PRINTABLE) return null;
    if (code === QUOTE && isPlain) return null;
    if (code === BACKSLASH || code >= FIRST_NON_ASCII) isPlain = false;
  }
  if (isPlain) return raw;
  try {
    return textOfJsonString(`"${raw}"`);
  } catch {
    return null;
  }
}
