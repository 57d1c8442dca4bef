import { type Exchange } from '../../../exchange/exchange.js';
import { byteString } from '../../../wire/byte-text.js';
import { jsonValueOfBytes } from '../../../wire/json/json-value.js';
import { cutBefore, lineEndsStart } from '../../../wire/sse/event-cuts.js';
import { createSseDecoder, type SseDecoder } from '../../../wire/sse/sse-decoder.js';
import { dataIn } from '../../../wire/sse/sse-lines.js';
import { spokenIn } from './spoken.js';

/** A larger delivery is not read whole, but only events at its beginning and at its end. */
const MAX_LOOKED_AT_BYTES = 1_024;
const EDGE_BYTES = MAX_LOOKED_AT_BYTES / 2;

/** A longer event is not read. */
const MAX_EVENT_BYTES = 65_536;

/** Whether an event can hold text at all, so that it is worth a parse. */
const MAY_REASON = /"(?:reasoning\w*|thinking|delta)"\s*:\s*(?:"[^"]|\[\s*[^\s\]])/;
/** Null, an empty text and an empty list are no thought. */
const THINKS = /"(?:reasoning\w*|thinking)"\s*:\s*(?:"[^"]|\[\s*[^\s\]]|\{)/;
const MAY_ANSWER = /"(?:content|text|refusal|arguments|name|partial_json|delta)"\s*:\s*"[^"]/;

/** Notes when a stream said the first of its reasoning and of its answer, and then reads no more. */
export class FirstTokens {
  /** Made once a delivery has to be read event by event. */
  #decoder: SseDecoder | null = null;
  #isDone = false;

  constructor(private readonly exchange: Exchange) {}

  /** @returns whether there is nothing left to look for */
  look(chunk: Uint8Array): boolean {
    const start = chunk.length > MAX_LOOKED_AT_BYTES ? headEnd(chunk) : chunk.length;
    this.#feed(byteString(chunk, 0, start));
    if (this.#isDone || start === chunk.length) return this.#isDone;
    this.#feed(byteString(chunk, unreadEnd(chunk, start)));
    return this.#isDone;
  }

  #feed(bytes: string): void {
    if (this.#decoder === null && this.#answers(bytes)) return;
    this.#decoder ??= createSseDecoder(
      {
        onBlock: (block) => {
          if (!this.#isDone) this.#read(block);
        },
        onFragment: () => undefined,
      },
      { maxBlockBytes: MAX_EVENT_BYTES },
    );
    this.#decoder.feed(bytes);
  }

  /**
   * Whether events hold text of the answer and none of reasoning, which then is noted. Nearly every stream
   * begins so, and one look at the bytes saves the parse.
   */
  #answers(bytes: string): boolean {
    if (!MAY_ANSWER.test(bytes) || !bytes.includes('"choices"') || THINKS.test(bytes)) return false;
    this.exchange.noteAnswer();
    this.#isDone = true;
    return true;
  }

  #read(block: string): void {
    const { facts } = this.exchange;
    if (this.#answers(block)) return;
    const mayAnswer = MAY_ANSWER.test(block);
    if (!mayAnswer && (facts.firstReasoningMs !== null || !MAY_REASON.test(block))) return;
    const data = dataIn(block);
    if (data === null) return;
    const { answer, reasoning } = spokenIn(jsonValueOfBytes(data));
    if (reasoning !== '') this.exchange.noteReasoning();
    if (answer === '') return;
    this.exchange.noteAnswer();
    this.#isDone = true;
  }
}

/** Where an event ends behind the first bytes of a delivery; the delivery's end where none does. */
function headEnd(chunk: Uint8Array): number {
  for (let from = EDGE_BYTES; from < chunk.length; from *= 2) {
    const cut = cutBefore(chunk, Math.min(2 * from, chunk.length), from);
    if (cut !== -1) return cut;
  }
  return chunk.length;
}

/**
 * Where reading goes on behind the first events of a large delivery. If its last events hold reasoning,
 * and nothing before them can be an answer, only they are read: what is skipped came at the same moment.
 * Else everything from `start` is, for the last events may be no more than the finish.
 */
function unreadEnd(chunk: Uint8Array, start: number): number {
  const end = cutBefore(chunk, chunk.length, start + 1);
  if (end === -1) return start;
  const from = Math.min(lineEndsStart(chunk, end), chunk.length - EDGE_BYTES);
  const cut = cutBefore(chunk, from, start);
  if (cut === -1 || !MAY_REASON.test(byteString(chunk, cut, end))) return start;
  return MAY_ANSWER.test(byteString(chunk, start, cut)) ? start : cut;
}
