/** Whether text may still follow, so that a marker may be completed by it. */
export type Expectation = 'more' | 'nothing';

/** Where a marker stands (`marker`) or may begin (`marker` null), counted in characters. */
export interface MarkerPlace {
  readonly at: number;
  readonly marker: string | null;
}

/** Finds the first of several markers in a text that may go on. */
export interface MarkerScanner {
  /**
   * The first place from `from` on where a marker stands or, with `more` expected, where one may
   * begin; null when neither. At one place the shorter marker wins, so that the answer never
   * depends on how the text was cut.
   */
  find(text: string, from: number, expect: Expectation): MarkerPlace | null;
  /** The same at exactly one place. */
  at(text: string, from: number, expect: Expectation): MarkerPlace | null;
  /** Whether no character of a text is the first of a marker. */
  isAbsentFrom(text: string): boolean;
}

/** Characters in which all first characters of markers are looked for, before going on. */
const WINDOW_CHARS = 4096;

/** Looks for a fixed set of non-empty markers by exact match. */
export function createMarkerScanner(markers: readonly string[]): MarkerScanner {
  const byLength = [...new Set(markers)].sort((a, b) => a.length - b.length);
  const firstChars = [...new Set(byLength.map((marker) => marker.charAt(0)))];
  const onlyFirstChar = firstChars.length === 1 ? firstChars[0] : undefined;

  function nextCandidate(text: string, from: number): number {
    // One indexOf per text is what most deltas cost: no first character, no marker.
    if (onlyFirstChar !== undefined) return text.indexOf(onlyFirstChar, from);
    // In windows: a search for a character that is not there would run to the end of the text again
    // for each place where another one is.
    for (let near = from; near < text.length; near += WINDOW_CHARS) {
      const at = firstIn(text.slice(near, near + WINDOW_CHARS));
      if (at !== -1) return near + at;
    }
    return -1;
  }

  function firstIn(window: string): number {
    let first = -1;
    for (const char of firstChars) {
      const at = window.indexOf(char);
      if (at !== -1 && (first === -1 || at < first)) first = at;
    }
    return first;
  }

  function at(text: string, from: number, expect: Expectation): MarkerPlace | null {
    for (const marker of byLength) {
      if (text.startsWith(marker, from)) return { at: from, marker };
    }
    if (expect === 'nothing' || from >= text.length) return null;
    for (const marker of byLength) {
      if (isBegun(marker, text, from)) return { at: from, marker: null };
    }
    return null;
  }

  return {
    at,
    isAbsentFrom: (text) => nextCandidate(text, 0) === -1,
    find(text, from, expect) {
      let candidate = nextCandidate(text, from);
      while (candidate !== -1) {
        const place = at(text, candidate, expect);
        if (place !== null) return place;
        candidate = nextCandidate(text, candidate + 1);
      }
      return null;
    },
  };
}

/** Whether the rest of `text` from `from` on is a proper beginning of `marker`. */
export function isBegun(marker: string, text: string, from: number): boolean {
  const rest = text.length - from;
  return rest < marker.length && text.startsWith(marker.slice(0, rest), from);
}
