import { MAX_HELD_CHARS } from '../dialect.js';
import { CALL, RECIPIENT } from './harmony-markers.js';

/** Left over where a server swallowed the markers around them. */
const BARE_WORDS = { call: ['assistant', 'commentary'], other: ['assistant'] } as const;

/**
 * Whether the text between two harmony messages is none, or may yet turn out to be none: white
 * space, or a bare word that belongs to a header.
 *
 * @param state - `growing` while more of it may follow
 * @param behind - the marker before it
 */
function mayBeBareWord(
  gap: string,
  state: 'whole' | 'growing',
  behind: keyof typeof BARE_WORDS,
): boolean {
  const word = gap.trim();
  if (word === '') return true;
  const words: readonly string[] = BARE_WORDS[behind];
  if (words.includes(word)) return true;
  const mayGrow = state === 'growing' && gap.trimEnd() === gap;
  return mayGrow && words.some((bare) => bare.startsWith(word));
}

/** Whether a text begins a header that has no marker before it: white space, then `to=`. */
function beginsRecipient(text: string): boolean {
  return text.trimStart().startsWith(RECIPIENT);
}

/** Whether a text may yet turn out to be one. */
function mayBeginRecipient(text: string): boolean {
  return RECIPIENT.startsWith(text.trimStart());
}

/** What is known of the text between two harmony messages, as far as it was read. */
export class HarmonyGap {
  #hasMarker = false;
  /** Since the last marker. */
  #hasText = false;
  #behind: keyof typeof BARE_WORDS = 'other';

  /** A marker came, so that the text is harmony, and no bare recipient may follow. */
  sawMarker(): void {
    this.#hasMarker = true;
  }

  /** @param marker - behind which the text begins; empty behind a tool call of the backend's own */
  begin(marker: string): void {
    this.#hasText = false;
    this.#behind = marker === CALL ? 'call' : 'other';
  }

  /** Some of it was shown, so that the rest is text as well. */
  showedText(): void {
    this.#hasText = true;
  }

  /** Whether it is the beginning of a header that has no marker before it. */
  isRecipient(gap: string): boolean {
    return this.#mayHaveRecipient && beginsRecipient(gap);
  }

  /** Whether it may turn out to be no text, so that it has to be held. */
  mayYetVanish(gap: string, isOpenEnded: boolean): boolean {
    if (this.#isText(gap)) return false;
    if (mayBeBareWord(gap, isOpenEnded ? 'growing' : 'whole', this.#behind)) return true;
    return isOpenEnded && this.#mayHaveRecipient && mayBeginRecipient(gap);
  }

  /** Whether it is nothing, now that no more comes. */
  isLeftOver(gap: string): boolean {
    return this.#hasMarker && this.fateOf(gap) !== 'text';
  }

  /** What it is, whole, before a marker. */
  fateOf(gap: string): 'text' | 'space' | 'markup' {
    if (this.#isText(gap) || !mayBeBareWord(gap, 'whole', this.#behind)) return 'text';
    return !this.#hasMarker && gap.trim() === '' ? 'space' : 'markup';
  }

  get #mayHaveRecipient(): boolean {
    return !this.#hasMarker && !this.#hasText;
  }

  #isText(gap: string): boolean {
    return this.#hasText || gap.length > MAX_HELD_CHARS;
  }
}
