import { CR, LF } from '../line-ends.js';

const BLANK_LINE = /(?:\r\n|\n|\r(?!\n)){2}/g;

/** An event of a stream, as a byte string, and where it stands. */
export interface EventAround {
  /** 0 also where its beginning is missing. */
  readonly start: number;
  readonly end: number;
  readonly block: string;
}

/**
 * The event that holds a place of a stream that may be cut anywhere: from behind the blank line
 * before it to behind the one that ends it (WHATWG HTML §9.2.5).
 *
 * @param at - where a character stands that ends no line
 */
export function eventAround(bytes: string, at: number): EventAround {
  const start = startBefore(bytes, at);
  BLANK_LINE.lastIndex = at;
  const end = BLANK_LINE.test(bytes) ? BLANK_LINE.lastIndex : bytes.length;
  return { start, end, block: bytes.slice(start, end) };
}

function startBefore(bytes: string, from: number): number {
  let start = from;
  let lineEnds = 0;
  for (let at = from - 1; at >= 0; at--) {
    const code = bytes.charCodeAt(at);
    if (code !== LF && code !== CR) {
      start = at;
      lineEnds = 0;
    } else if (code === LF || bytes.charCodeAt(at + 1) !== LF) {
      // The CR of a CRLF was counted with its LF.
      if (++lineEnds === 2) return start;
    }
  }
  return 0;
}
