import { behindBom } from '../../../wire/byte-order-mark.js';
import { LF } from '../../../wire/line-ends.js';
import {
  isBetweenEvents,
  isBetweenLines,
  STREAM_START,
  tailAfter,
} from '../../../wire/sse/event-boundary.js';
import { readSseLines, sseData, type SseLine } from '../../../wire/sse/sse-lines.js';
import { COLON, DONE, EVENT_END } from '../../../wire/sse/sse-syntax.js';

/** What is held of an event that spans chunks; of a longer one only the end is. */
const MAX_HELD_BYTES = 262_144;
const MAX_HELD_CHUNKS = 256;

/** A block of lines with the blank line behind it; the last one may lack that. */
const BLOCK_END = /(?:\r\n|\n|\r(?!\n)){2,}/;

const ID_LINE = /(?:^|[\r\n])id:/;

/** Types of the last event: the Responses API (OpenAI) and the Messages API (Anthropic). */
const LAST_TYPES: ReadonlySet<string> = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
  'message_stop',
]);

/** The type as the data tell it, which comes first there. */
const TYPE_MEMBER = /^\{\s*"type"\s*:\s*"([^"\\]+)"/;

/**
 * Where an event stream stands after what was sent of it. It holds by reference the chunks of the
 * event that was sent last, which is looked at only when someone asks.
 */
export class StreamEnd {
  #tail = STREAM_START;
  #latest: Uint8Array | null = null;
  /** Before the latest, back to where a chunk began with an event. */
  #earlier: Uint8Array[] | null = null;
  #earlierBytes = 0;
  /** Some of them are held no more. */
  #isCut = false;

  add(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    // A line feed may be the second half of the CRLF that ends the event, and a comment is none.
    if (this.isBetweenEvents && chunk[0] !== LF && chunk[0] !== COLON) {
      this.#earlier = null;
      this.#isCut = false;
    } else this.#hold();
    this.#latest = chunk;
    this.#tail = tailAfter(this.#tail, chunk);
  }

  /** Whether a comment or an event may follow. */
  get isBetweenEvents(): boolean {
    return isBetweenEvents(this.#tail);
  }

  /** Whether a line may follow, and the event that it goes into has neither a name nor data yet. */
  get isBeforeData(): boolean {
    if (!isBetweenLines(this.#tail)) return false;
    const blocks = textOf(this.#held).split(BLOCK_END);
    // What is no longer held of the event may have been its data.
    if (this.#isCut && blocks.length === 1) return false;
    const lines = readSseLines(behindBom(blocks.at(-1) ?? ''));
    return lines.every(({ field }) => field !== 'data' && field !== 'event');
  }

  /** Whether the event that was sent last, or what came with it, has an ID. */
  get hasIds(): boolean {
    return ID_LINE.test(textOf(this.#held));
  }

  /** An event of such lines that can follow wherever the stream stands. */
  eventOf(lines: string): Buffer {
    const separator = this.isBetweenEvents || this.isBeforeData ? '' : EVENT_END;
    return Buffer.from(`${separator}${lines}${EVENT_END}`);
  }

  /**
   * Whether the last event says that the stream is over. Of `[DONE]` the text is enough, since
   * there are clients that read by the line and leave before its blank line.
   */
  get isReached(): boolean {
    return this.#isReachedIn(this.#held);
  }

  /** Whether it would be, with this chunk behind all others. */
  isReachedWith(chunk: Uint8Array): boolean {
    return this.#isReachedIn([...this.#held, chunk], tailAfter(this.#tail, chunk));
  }

  get #held(): readonly Uint8Array[] {
    return this.#latest === null ? [] : [...(this.#earlier ?? []), this.#latest];
  }

  #isReachedIn(chunks: readonly Uint8Array[], tail = this.#tail): boolean {
    const lines = textOf(chunks).split(BLOCK_END).map(readSseLines).findLast(isEvent) ?? [];
    const data = sseData(lines);
    if (data?.trim() === DONE) return true;
    if (data === null || !isBetweenEvents(tail)) return false;
    const named = lines.find(({ field }) => field === 'event')?.value;
    return LAST_TYPES.has(named ?? TYPE_MEMBER.exec(data)?.[1] ?? '');
  }

  #hold(): void {
    if (this.#latest === null) return;
    if (this.#earlier === null) {
      this.#earlier = [];
      this.#earlierBytes = 0;
    }
    this.#earlier.push(this.#latest);
    this.#earlierBytes += this.#latest.length;
    while (this.#earlierBytes > MAX_HELD_BYTES || this.#earlier.length > MAX_HELD_CHUNKS) {
      this.#earlierBytes -= this.#earlier.shift()?.length ?? 0;
      this.#isCut = true;
    }
  }
}

/** As a byte string. */
function textOf(chunks: readonly Uint8Array[]): string {
  return Buffer.concat(chunks).toString('latin1');
}

/** Whether lines say more than comments do. */
function isEvent(lines: readonly SseLine[]): boolean {
  return lines.some(({ field }) => field !== 'comment');
}
