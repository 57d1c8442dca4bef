import { type ReportedUsage } from '../../exchange/facts/tokens-of.js';
import { type BodyFilter } from '../../exchange/reply/body-filter.js';
import { BOM } from '../../wire/byte-order-mark.js';
import { placeOf } from '../../wire/byte-search.js';
import { byteString } from '../../wire/byte-text.js';
import { COLON, LOWER_N, QUOTE } from '../../wire/json/json-tokens.js';
import { CR, LF } from '../../wire/line-ends.js';
import { cutBefore, cutBehind, lineEndsStart } from '../../wire/sse/event-cuts.js';
import { withoutEvent } from '../../wire/sse/sse-lines.js';
import { lastUsageIn } from '../noting/edges/notes-in.js';
import { hasBegunChoice } from './begun-choice.js';
import { readUsageEvent } from './usage-event.js';

/** Most bytes of an unfinished event that are held: a usage chunk is never that long. */
const MAX_HELD_BYTES = 65_536;

/** As far as an unfinished event is looked at; its choices stand near its beginning. */
const MAX_HEAD_BYTES = 1_024;

const NOTHING = new Uint8Array(0);
/** The name as it is searched for: without its first quote, since JSON has far more quotes than `u`s. */
const USAGE = Buffer.from('usage"');
const SPACE = 0x20;

/** Begins an event whose data is no JSON object, such as `[DONE]`, so that it cannot tell a usage. */
const NO_OBJECT = /^[\r\n]*data:[ \t]*[^\s{]/;

/** Whole comment lines at the beginning of an event. */
const COMMENT_LINES = /^(?::[^\r\n]*(?:\r\n|\n|\r(?=[^\n])))+/;

/**
 * Takes the usage chunk that the client did not ask for out of an event stream, wherever it stands.
 * Every other byte passes, in the very buffer that came: what is behind the chunk moves up, so that
 * a large delivery is not copied for its sake.
 *
 * An event of which only a part has come is held, unless that part shows a choice, or that it is no
 * JSON. No client can read half an event, so that none gets anything later than it could use it.
 */
export class UsageWithholder implements BodyFilter {
  /** The beginning of an event, or the line ends behind one whose beginning has left. */
  #held: Uint8Array = NOTHING;
  /** The first part of the unfinished event was let through, so that it can no longer be taken out. */
  #isMidEvent = false;
  /** What is held, or comes next, is the beginning of the stream. */
  #isAtStart = true;
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
    if (cut === -1) {
      const passing = this.#withhold(bytes, 0);
      if (passing.length > 0) this.#isAtStart = false;
      return passing;
    }
    const isTorn = this.#isMidEvent;
    this.#isMidEvent = false;
    const left = this.#withoutUsage(this.#withhold(bytes, cut), cut, isTorn);
    this.#isAtStart = false;
    return left;
  }

  end(): Uint8Array {
    const held = this.#held;
    this.#held = NOTHING;
    if (this.#isMidEvent || held.length === 0) return held;
    const kept = this.#keptOf(byteString(held), this.#isAtStart);
    return kept === null ? held : Buffer.from(kept, 'latin1');
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
    // Line ends at the end are held all the same: only what follows shows whether they end the event.
    if (from === null) this.#isMidEvent = true;
    const start = from ?? lineEndsStart(bytes, bytes.length);
    if (start === bytes.length) {
      this.#held = NOTHING;
      return bytes;
    }
    this.#held = bytes.subarray(start);
    return bytes.subarray(0, start);
  }

  /**
   * @param cut - where its last whole event ends
   * @param isTorn - whether the first event's beginning is not here
   */
  #withoutUsage(bytes: Uint8Array, cut: number, isTorn: boolean): Uint8Array {
    let left = bytes;
    let leftCut = cut;
    let from = 0;
    let isAtStart = this.#isAtStart;
    for (;;) {
      const at = usagePlace(left, from, leftCut);
      if (at === -1) return left;
      const before = cutBefore(left, at, from);
      const start = Math.max(before, from);
      const end = cutBehind(left, at, leftCut);
      const hasBeginning = start > 0 || !isTorn;
      const block = hasBeginning ? byteString(left, start, end) : '';
      const kept = this.#keptOf(block, isAtStart && start === 0);
      isAtStart = false;
      if (kept === null) {
        from = end;
        continue;
      }
      const isLast = end === left.length && this.#held.length === 0;
      this.#endedInCr = isLast && left[end - 1] === CR;
      left = withoutRange(left, start, end, kept);
      from = start + kept.length;
      leftCut += from - end;
    }
  }

  /**
   * What the client gets in place of an event that is the usage, which is told.
   *
   * @returns null for any other event
   */
  #keptOf(block: string, isFirst: boolean): string | null {
    if (!block.includes('"usage"') || hasBegunChoice(block.slice(0, MAX_HEAD_BYTES))) return null;
    const mark = isFirst && block.startsWith(BOM) ? BOM : '';
    const event = block.slice(mark.length);
    const usage = readUsageEvent(event);
    if (usage === null) return null;
    this.onUsage(usage);
    return mark + withoutEvent(event);
  }
}

/** Where the unfinished event begins that has to be held; null when it need not be. */
function heldFrom(bytes: Uint8Array, cut: number): number | null {
  const length = bytes.length - cut;
  if (length === 0) return cut;
  if (length > MAX_HELD_BYTES) return null;
  const head = byteString(bytes, cut, Math.min(bytes.length, cut + MAX_HEAD_BYTES));
  const comments = COMMENT_LINES.exec(head)?.[0].length ?? 0;
  const event = head.slice(comments);
  if (hasBegunChoice(event) || NO_OBJECT.test(event)) return null;
  // A comment keeps a connection alive: it leaves as soon as its line is whole.
  return cut + comments;
}

/** Where a name `"usage"` ends whose value may be an object. Many backends send null but in one event. */
function usagePlace(bytes: Uint8Array, from: number, to: number): number {
  let at = placeOf(bytes, USAGE, from);
  while (at !== -1 && at < to) {
    const behind = at + USAGE.length;
    if (bytes[at - 1] === QUOTE && !isNullBehind(bytes, behind)) return at;
    at = placeOf(bytes, USAGE, behind);
  }
  return -1;
}

function isNullBehind(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== COLON) return false;
  return bytes[bytes[at + 1] === SPACE ? at + 2 : at + 1] === LOWER_N;
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
