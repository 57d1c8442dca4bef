import { type StreamEnd } from './stream-end.js';

/** A comment line of an event stream, which every client skips (WHATWG HTML §9.2.5). */
const COMMENT = Buffer.from(': keepalive\n\n');

/**
 * The same without a blank line, within an event, and for streams whose events have IDs: once they
 * saw an ID some clients, OpenAI's own for Python among them, take every blank line for the end of an
 * event.
 */
const COMMENT_LINE = Buffer.from(': keepalive\n');

/** The comment that can follow where a stream stands; null when none can. */
export function keepaliveCommentAt(end: StreamEnd): Buffer | null {
  if (end.isBetweenEvents && !end.hasIds) return COMMENT;
  // Within an event too: what is left of one that vanished begins the next, which may take minutes.
  return end.isBeforeData ? COMMENT_LINE : null;
}
