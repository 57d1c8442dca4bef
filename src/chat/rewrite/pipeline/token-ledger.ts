/** A token of the text and the JSON text of its log probability, null where it is not known. */
export interface TokenEntry {
  readonly token: string;
  readonly entry: string | null;
}

interface OpenToken {
  /** Characters not yet crossed out. */
  left: number;
  isShown: boolean;
  readonly entry: string | null;
}

/**
 * Follows which tokens of a text end up where. Tokens are written down when their text is fed, and
 * crossed out as the text is shown or left out, which may be several chunks later.
 */
export class TokenLedger {
  #open: OpenToken[] = [];
  // Moving all others up for each token that goes would cost O(n²).
  #crossedOut = 0;

  /** Whether no token is written down. */
  get isEmpty(): boolean {
    return this.#open.length === 0;
  }

  /** Writes tokens down. Their texts concatenate to the text that is fed next. */
  expect(entries: readonly TokenEntry[]): void {
    for (const { token, entry } of entries) {
      this.#open.push({ left: token.length, isShown: true, entry });
    }
  }

  /**
   * Crosses out `length` characters.
   *
   * @returns the entries of the tokens that ended in them and were shown whole
   */
  crossOut(length: number, fate: 'shown' | 'hidden'): readonly (string | null)[] {
    const shown: (string | null)[] = [];
    let rest = length;
    for (let first = this.#first(); first !== undefined; first = this.#first()) {
      if (rest === 0 && first.left > 0) break;
      const used = Math.min(rest, first.left);
      first.left -= used;
      rest -= used;
      if (used > 0 && fate === 'hidden') first.isShown = false;
      if (first.left > 0) break;
      if (first.isShown) shown.push(first.entry);
      this.#crossedOut++;
    }
    if (this.#crossedOut === this.#open.length) {
      this.#open = [];
      this.#crossedOut = 0;
    }
    return shown;
  }

  #first(): OpenToken | undefined {
    return this.#open[this.#crossedOut];
  }
}
