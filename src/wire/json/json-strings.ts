import { escapeEnd } from './json-tokens.js';

// Everything below the space: RFC 8259 §7 allows no control character in a string.
const CONTROL = /[^ -\uffff]/g;

/**
 * Finds the ends of the string literals of one JSON text, which must be asked for in order.
 *
 * A look at every character would cost most of the time a large text takes. The engine's own search
 * is a hundred times as fast, so the next quote, backslash and control character are searched for
 * and remembered until passed: each is found once, whatever the number of strings.
 */
export class JsonStrings {
  private quote = -1;
  private backslash = -1;
  private control = -1;
  private lastEscape = -1;

  constructor(private readonly text: string) {}

  /**
   * @param start - position of the opening quote.
   * @returns the end of the literal, or `~position` of the first wrong character.
   */
  end(start: number): number {
    let at = start + 1;
    for (;;) {
      const quote = this.quoteFrom(at);
      const backslash = this.backslashFrom(at);
      const stop = Math.min(quote, backslash);
      const control = this.controlFrom(at);
      if (control < stop) return ~control;
      if (stop === this.text.length) return ~stop;
      if (stop === quote) return quote + 1;
      this.lastEscape = backslash;
      at = escapeEnd(this.text, backslash);
      if (at < 0) return at;
    }
  }

  /** Whether the literal whose end was asked for last, and which began at `start`, has escapes. */
  hasEscape(start: number): boolean {
    return this.lastEscape > start;
  }

  private quoteFrom(at: number): number {
    if (this.quote < at) this.quote = orEnd(this.text, this.text.indexOf('"', at));
    return this.quote;
  }

  private backslashFrom(at: number): number {
    if (this.backslash < at) this.backslash = orEnd(this.text, this.text.indexOf('\\', at));
    return this.backslash;
  }

  private controlFrom(at: number): number {
    if (this.control < at) {
      CONTROL.lastIndex = at;
      this.control = CONTROL.test(this.text) ? CONTROL.lastIndex - 1 : this.text.length;
    }
    return this.control;
  }
}

function orEnd(text: string, index: number): number {
  return index < 0 ? text.length : index;
}
