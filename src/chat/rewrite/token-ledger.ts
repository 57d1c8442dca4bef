/** A token of the text and the JSON text of its log probability, null where it is not known. */
export interface TokenEntry {
  readonly token: string;
  readonly entry: string | null;
}

/**
 * Follows which tokens of a text end up where. Tokens are written down when their text is fed, and
 * crossed out as the text is shown or left out, which may be several chunks later.
 */
export interface TokenLedger {
  /** Writes tokens down. Their texts concatenate to the text that is fed next. */
  expect(entries: readonly TokenEntry[]): void;
  /**
   * Crosses out `length` characters.
   *
   * @returns the entries of the tokens that ended in them and were shown whole
   */
  crossOut(length: number, fate: 'shown' | 'hidden'): readonly (string | null)[];
  /** Whether no token is written down. */
  readonly isEmpty: boolean;
}

export function createTokenLedger(): TokenLedger {
  let open: { left: number; isShown: boolean; readonly entry: string | null }[] = [];
  // Moving all others up for each token that goes would cost O(n²).
  let crossedOut = 0;
  return {
    expect(entries) {
      for (const { token, entry } of entries) {
        open.push({ left: token.length, isShown: true, entry });
      }
    },
    crossOut(length, fate) {
      const shown: (string | null)[] = [];
      let rest = length;
      for (let first = open[crossedOut]; first !== undefined; first = open[crossedOut]) {
        if (rest === 0 && first.left > 0) break;
        const used = Math.min(rest, first.left);
        first.left -= used;
        rest -= used;
        if (used > 0 && fate === 'hidden') first.isShown = false;
        if (first.left > 0) break;
        if (first.isShown) shown.push(first.entry);
        crossedOut++;
      }
      if (crossedOut === open.length) {
        open = [];
        crossedOut = 0;
      }
      return shown;
    },
    get isEmpty() {
      return open.length === 0;
    },
  };
}
