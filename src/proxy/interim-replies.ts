import { type Socket } from 'node:net';

/** What interim replies begin with (RFC 9110 §15.2); the digits behind it tell which one it is. */
const START = Buffer.from('HTTP/1.1 1');
const STATUS_BYTES = START.length + 2;
const HEAD_END = Buffer.from('\r\n\r\n');

/** Most bytes of one head that are waited for; a longer one is the parser's to judge. */
const MAX_HEAD_BYTES = 16_384;

const ONE = 0x31;
const LONE_LINE_FEED = /(^|[^\r])\n/;

/**
 * The bytes of a reply behind the interim ones that come before it: none of those is asked for, and
 * a client must take any number of them (RFC 9110 §15.2). A 101 is none, for nothing follows it.
 *
 * @param bytes - all that has come since the request was sent
 * @returns null as long as they may all be of interim replies
 */
export function withoutInterim(bytes: Buffer): Buffer | null {
  let rest = bytes;
  for (;;) {
    // One look at a byte is what all this costs the usual reply.
    if (rest.length >= START.length && rest[START.length - 1] !== ONE) return rest;
    const known = Math.min(rest.length, START.length);
    if (START.compare(rest, 0, known, 0, known) !== 0) return rest;
    if (rest.length < STATUS_BYTES) return null;
    const status = rest.toString('latin1', START.length - 1, STATUS_BYTES);
    if (!/^1\d\d$/.test(status) || status === '101') return rest;
    const end = rest.indexOf(HEAD_END);
    const head = rest.toString('latin1', 0, end < 0 ? MAX_HEAD_BYTES : end);
    if (head.length >= MAX_HEAD_BYTES || LONE_LINE_FEED.test(head)) return rest;
    if (end < 0) return null;
    rest = rest.subarray(end + HEAD_END.length);
  }
}

/**
 * Keeps interim replies from undici's parser, to which a 100 is a broken connection. It stands before
 * the socket only until the head of a reply begins, so that its body costs nothing.
 */
export class InterimReplies {
  readonly #read: Socket['read'];
  #held: Buffer | null = null;

  constructor(private readonly socket: Socket) {
    this.#read = socket.read.bind(socket);
  }

  /** A request is about to leave: what comes next is the beginning of its reply. */
  expectReply(): void {
    this.#held = null;
    this.socket.read = this.#readHead;
  }

  readonly #readHead = (size?: number): Buffer | null => {
    for (;;) {
      const chunk: unknown = this.#read(size);
      if (!Buffer.isBuffer(chunk)) return null;
      const bytes = this.#held === null ? chunk : Buffer.concat([this.#held, chunk]);
      const rest = withoutInterim(bytes);
      this.#held = rest === null ? bytes : null;
      if (rest === null) continue;
      this.socket.read = this.#read;
      return rest;
    }
  };
}
