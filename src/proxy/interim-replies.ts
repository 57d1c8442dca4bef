import { type Socket } from 'node:net';
import { HeadLines } from './head-lines.js';

/** What interim replies begin with (RFC 9110 §15.2); the digits behind it tell which one it is. */
const START = Buffer.from('HTTP/1.1 1');
const STATUS_BYTES = START.length + 2;
const HEAD_END = Buffer.from('\r\n\r\n');

/** Most bytes of one head that are waited for; a longer one is the parser's to judge. */
const MAX_HEAD_BYTES = 16_384;

const ONE = 0x31;
const LONE_LINE_FEED = /(^|[^\r])\n/;

/** What is behind the interim replies that come before a reply. */
export interface BehindInterim {
  readonly rest: Buffer;
  /** Whether it begins the reply; else it may be all or part of another interim one. */
  readonly isReply: boolean;
}

/**
 * Takes the interim replies from the beginning of what has come: none of them is asked for, and a
 * client must take any number of them (RFC 9110 §15.2). A 101 is none, for nothing follows it.
 *
 * @param bytes - what has come since the request was sent, without interim replies that were taken
 */
export function behindInterim(bytes: Buffer): BehindInterim {
  let rest = bytes;
  for (;;) {
    // One look at a byte is what all this costs the usual reply.
    if (rest.length >= START.length && rest[START.length - 1] !== ONE) {
      return { rest, isReply: true };
    }
    const known = Math.min(rest.length, START.length);
    if (START.compare(rest, 0, known, 0, known) !== 0) return { rest, isReply: true };
    if (rest.length < STATUS_BYTES) return { rest, isReply: false };
    const status = rest.toString('latin1', START.length - 1, STATUS_BYTES);
    if (!/^1\d\d$/.test(status) || status === '101') return { rest, isReply: true };
    const end = rest.indexOf(HEAD_END);
    const head = rest.toString('latin1', 0, end < 0 ? MAX_HEAD_BYTES : end);
    if (head.length >= MAX_HEAD_BYTES || LONE_LINE_FEED.test(head)) return { rest, isReply: true };
    if (end < 0) return { rest, isReply: false };
    rest = rest.subarray(end + HEAD_END.length);
  }
}

/**
 * Keeps from undici's parser what it would stumble over: interim replies, of which a 100 is to it a
 * broken connection, and white space behind the lines of a head. It stands before the socket only
 * until that head ends, so that the body costs nothing.
 */
export class InterimReplies {
  readonly #read: Socket['read'];
  #held: Buffer | null = null;
  /** Once the reply has begun. */
  #head: HeadLines | null = null;

  constructor(private readonly socket: Socket) {
    this.#read = socket.read.bind(socket);
  }

  /** A request is about to leave: what comes next is the beginning of its reply. */
  expectReply(): void {
    this.#held = null;
    this.#head = null;
    this.socket.read = this.#readHead;
  }

  readonly #readHead = (size?: number): Buffer | null => {
    for (;;) {
      const chunk: unknown = this.#read(size);
      if (!Buffer.isBuffer(chunk)) return null;
      const begun = this.#head === null ? this.#beginning(chunk) : chunk;
      const bytes = this.#head?.feed(begun);
      if (this.#head?.isOver === true) this.socket.read = this.#read;
      if (bytes !== undefined && bytes.length > 0) return bytes;
    }
  };

  /** @returns what has come of the reply, once it has begun */
  #beginning(chunk: Buffer): Buffer {
    const bytes = this.#held === null ? chunk : Buffer.concat([this.#held, chunk]);
    const { rest, isReply } = behindInterim(bytes);
    this.#held = isReply || rest.length === 0 ? null : rest;
    if (isReply) this.#head = new HeadLines();
    return rest;
  }
}
