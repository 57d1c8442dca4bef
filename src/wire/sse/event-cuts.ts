import { CR, LF } from '../line-ends.js';

/**
 * The last place up to `from` where an event stream stands between two events: right behind a blank
 * line, whatever ends its lines (WHATWG HTML §9.2.5).
 *
 * Looked for from the end, because only what is at the end of a delivery matters, and a search of
 * all of it costs more than carrying it.
 *
 * @param to - the least place that counts
 * @returns -1 when there is none
 */
export function cutBefore(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at >= to && at >= 2; at--) {
    const last = bytes[at - 1];
    if (last !== LF && last !== CR) continue;
    const before = bytes[at - 2];
    if (before === LF || (last === CR && before === CR)) return at;
    if (last === LF && before === CR) {
      const third = bytes[at - 3];
      if (third === LF || third === CR) return at;
    }
  }
  return -1;
}

/**
 * The first such place behind `from`, all line ends that follow each other counted to the event
 * before them.
 *
 * @returns `to` when there is none before it
 */
export function cutBehind(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to) {
    while (at < to && !isLineEnd(bytes[at])) at++;
    const start = at;
    while (at < to && isLineEnd(bytes[at])) at++;
    const length = at - start;
    // Two line ends, of which CRLF is one.
    if (length > 2 || (length === 2 && !(bytes[start] === CR && bytes[start + 1] === LF)))
      return at;
  }
  return to;
}

/** Where the line ends begin that `bytes` has before `end`; `end` when there are none. */
export function lineEndsStart(bytes: Uint8Array, end: number): number {
  let at = end;
  while (at > 0 && isLineEnd(bytes[at - 1])) at--;
  return at;
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === LF || byte === CR;
}
