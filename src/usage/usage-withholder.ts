import { type BodyFilter } from '../exchange/reply/body-filter.js';
import { byteString } from '../wire/byte-text.js';
import { cutBefore, lineEndsStart } from '../wire/event-cuts.js';
import { withoutEvent } from '../wire/sse-lines.js';
import { lastUsageIn } from './notes-in.js';
import { type ReportedUsage } from '../exchange/tokens-of.js';
import { readUsageEvent } from './usage-event.js';

/** Behind the usage of a stream nothing comes but `[DONE]`, comments and the like. */
const MAX_BEHIND_USAGE_BYTES = 4_096;

/** Most bytes of an unfinished event that are held: a usage chunk is never that long. */
const MAX_HELD_BYTES = 65_536;

/** As far as an unfinished event is looked at; its choices stand near its beginning. */
const MAX_HEAD_BYTES = 1_024;

const NOTHING = new Uint8Array(0);
const LF = 0x0a;
const CR = 0x0d;

/** A choice has begun. A quote within a string would have a backslash before it. */
const HAS_CHOICE = /"choices"\s*:\s*\[\s*[^\s\]]/;
const COMMENT_LINES = /^(?::[^\r\n]*(?:\r\n|\n|\r(?=[^\n])))+/;

/**
 * Takes the usage chunk that the client did not ask for out of an event stream. Every other byte
 * passes, in the very buffer that came: what is behind the chunk moves up, so that a large delivery
 * is not copied for the sake of its end.
 *
 * An event whose end is still to come is held, unless it shows a choice already: no client can
 * read half an event, so that holding one delays nothing but the bytes.
 */
export class UsageWithholder implements BodyFilter {
  /** The beginning of an event, or the line ends behind one whose beginning has left. */
  #held: Uint8Array = NOTHING;
  /** The beginning of the event that the stream is in has left, so that it cannot vanish. */
  #isMidEvent = false;
  /** The event that was taken out ended in a CR: a LF that follows is half of the same line end. */
  #endedInCr = false;

  /** @param onUsage - told of the usage that was taken out. */
  constructor(private readonly onUsage: (usage: ReportedUsage) => void) {}

  feed(chunk: Uint8Array): Uint8Array {
    const heldLength = this.#held.length;
    const next = this.#endedInCr && chunk[0] === LF ? chunk.subarray(1) : chunk;
    this.#endedInCr = false;
    const bytes = heldLength === 0 ? next : Buffer.concat([this.#held, next]);
    const cut = cutBefore(bytes, bytes.length, heldLength);
    if (cut === -1) return this.#withhold(bytes, 0);
    const isTorn = this.#isMidEvent;
    this.#isMidEvent = false;
    return this.#withoutUsage(this.#withhold(bytes, cut), cut, isTorn);
  }

  end(): Uint8Array {
    const held = this.#held;
    this.#held = NOTHING;
    if (this.#isMidEvent || held.length === 0) return held;
    const block = byteString(held);
    return this.#isUsage(block) ? Buffer.from(withoutEvent(block), 'latin1') : held;
  }

  conclude(): void {
    // Of a stream that broke off: its last event may lack no more than its end.
    const usage = lastUsageIn(byteString(this.#held));
    this.#held = NOTHING;
    if (usage !== null) this.onUsage(usage);
  }

  /**
   * Holds back what is behind `cut`, as far as it must be.
   *
   * @returns the rest
   */
  #withhold(bytes: Uint8Array, cut: number): Uint8Array {
    const from = this.#isMidEvent ? lineEndsStart(bytes, bytes.length) : heldFrom(bytes, cut);
    // Whether a line end behind it is the end of the event shows only with what follows it.
    if (from === null) this.#isMidEvent = true;
    const start = from ?? lineEndsStart(bytes, bytes.length);
    if (start === bytes.length) {
      this.#held = NOTHING;
      return bytes;
    }
    this.#held = bytes.subarray(start);
    return bytes.subarray(0, start);
  }

  /** @param isTorn - whether the first event's beginning is not here */
  #withoutUsage(bytes: Uint8Array, cut: number, isTorn: boolean): Uint8Array {
    for (let end = cut; cut - end < MAX_BEHIND_USAGE_BYTES;) {
      const lineEnds = lineEndsStart(bytes, end);
      if (lineEnds === 0) return bytes;
      const before = cutBefore(bytes, lineEnds, 0);
      if (before === -1 && isTorn) return bytes;
      const start = Math.max(0, before);
      const block = byteString(bytes, start, end);
      if (HAS_CHOICE.test(block)) return bytes;
      if (this.#isUsage(block)) {
        const isLast = end === bytes.length && this.#held.length === 0;
        this.#endedInCr = isLast && bytes[end - 1] === CR;
        return withoutRange(bytes, start, end, withoutEvent(block));
      }
      end = start;
    }
    return bytes;
  }

  #isUsage(block: string): boolean {
    const usage = block.includes('"usage"') ? readUsageEvent(block) : null;
    if (usage !== null) this.onUsage(usage);
    return usage !== null;
  }
}

/** Where the unfinished event begins that has to be held; null when it need not be. */
function heldFrom(bytes: Uint8Array, cut: number): number | null {
  const length = bytes.length - cut;
  if (length === 0) return cut;
  if (length > MAX_HELD_BYTES) return null;
  const head = byteString(bytes, cut, Math.min(bytes.length, cut + MAX_HEAD_BYTES));
  if (HAS_CHOICE.test(head)) return null;
  // A comment keeps a connection alive: it leaves as soon as its line is whole.
  return cut + (COMMENT_LINES.exec(head)?.[0].length ?? 0);
}

function withoutRange(
  bytes: Uint8Array,
  start: number,
  end: number,
  replacement: string,
): Uint8Array {
  const left = Buffer.from(replacement, 'latin1');
  if (left.length > end - start) {
    return Buffer.concat([bytes.subarray(0, start), left, bytes.subarray(end)]);
  }
  bytes.set(left, start);
  bytes.copyWithin(start + left.length, end);
  return bytes.subarray(0, bytes.length - (end - start) + left.length);
}
