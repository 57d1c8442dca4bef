import { CR, LF } from '../line-ends.js';

/**
 * The last four bytes of an event stream, the newest lowest, as one number. That is all it takes to
 * see whether the stream stands between two events.
 */
export type StreamTail = number;

/** Before the first byte a stream stands between events. */
export const STREAM_START: StreamTail = (LF << 8) | LF;

/** The tail after `chunk`. */
export function tailAfter(tail: StreamTail, chunk: Uint8Array): StreamTail {
  let result = tail;
  for (let at = Math.max(0, chunk.length - 4); at < chunk.length; at++) {
    result = ((result << 8) | (chunk[at] ?? 0)) >>> 0;
  }
  return result;
}

/** Whether a line may follow: between events, or behind a line feed; a carriage return may be half a line end. */
export function isBetweenLines(tail: StreamTail): boolean {
  return isBetweenEvents(tail) || (tail & 0xff) === LF;
}

/** Whether the last line was blank, so that a comment or an event may follow (WHATWG HTML §9.2.5). */
export function isBetweenEvents(tail: StreamTail): boolean {
  const last = tail & 0xff;
  const before = (tail >>> 8) & 0xff;
  const third = (tail >>> 16) & 0xff;
  if (last === CR) return before === CR || before === LF;
  if (last !== LF) return false;
  return before === LF || (before === CR && (third === LF || third === CR));
}
