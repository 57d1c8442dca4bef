import { CR, LF } from '../wire/line-ends.js';

const HEAD_END = Buffer.from('\r\n\r\n');
const LINE_END_BYTES = 2;

/**
 * Most bytes that are held to see what follows them; what is longer is the parser's to judge. All of
 * them are looked at again with each piece, so that a backend can make that costly byte by byte.
 */
const MAX_HELD_BYTES = 1_024;

/** Behind something else in its line: by itself it is no end of a value, but a folded line. */
const SPACE_AT_LINE_END = /(?<=[^ \t\r\n])[ \t]+(?=\r\n)/g;

const SPACE = 0x20;
const TAB = 0x09;

/**
 * Takes the white space off the ends of the lines of one reply's head, however it is cut. It is no
 * part of a value (RFC 9112 §5), but undici counts a space behind a length as one more digit of it.
 */
export class HeadLines {
  #held: Buffer | null = null;
  #isOver = false;

  /** Whether the head has ended, so that all that follows passes as it is. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** @returns what passes of the bytes, and of those held before them */
  feed(bytes: Buffer): Buffer {
    if (this.#isOver) return bytes;
    const all = this.#held === null ? bytes : Buffer.concat([this.#held, bytes]);
    const end = all.indexOf(HEAD_END);
    const known = end === -1 ? knownLength(all) : end + LINE_END_BYTES;
    this.#isOver = end !== -1 || all.length - known > MAX_HELD_BYTES;
    this.#held = this.#isOver || known === all.length ? null : all.subarray(known);
    const lines = trimmed(all.subarray(0, known));
    if (!this.#isOver) return lines;
    // The usual head comes whole and has no such space: then the very bytes pass.
    return lines.length === known ? all : Buffer.concat([lines, all.subarray(known)]);
  }
}

/**
 * How much can be trimmed without knowing what follows: up to the last byte that is no white space,
 * which shows that what is behind it does not begin the line.
 */
function knownLength(bytes: Uint8Array): number {
  let at = bytes.length;
  while (at > 0 && isSpace(bytes[at - 1])) at--;
  return Math.max(0, at - 1);
}

function trimmed(head: Buffer): Buffer {
  if (!head.includes(' \r\n') && !head.includes('\t\r\n')) return head;
  return Buffer.from(head.toString('latin1').replace(SPACE_AT_LINE_END, ''), 'latin1');
}

function isSpace(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB || byte === CR || byte === LF;
}
