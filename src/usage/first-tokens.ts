import { jsonValueOfBytes } from '../wire/json-value.js';
import { type Exchange } from '../exchange/exchange.js';
import { byteString } from '../wire/byte-text.js';
import { createSseDecoder, type SseDecoder } from '../wire/sse-decoder.js';
import { dataIn } from '../wire/sse-lines.js';
import { spokenIn } from './spoken.js';

/**
 * Of a larger delivery the beginning and the end are looked at. What it says between them came at
 * the same time, and a model that goes from reasoning to the answer in it still answers at its end.
 */
const MAX_LOOKED_AT_BYTES = 1_024;
const EDGE_BYTES = MAX_LOOKED_AT_BYTES / 2;

const MAX_EVENT_BYTES = 65_536;

/** Whether an event can hold text at all, so that it is worth a parse. */
const MAY_REASON = /"(?:reasoning\w*|thinking|delta)"\s*:\s*(?:"[^"]|\[)/;
const THINKS = /reasoning|thinking/;
const MAY_ANSWER = /"(?:content|text|refusal|arguments|name|partial_json|delta)"\s*:\s*"[^"]/;

/** Notes when a stream said the first of its reasoning and of its answer, and then reads no more. */
export class FirstTokens {
  /** Made when a delivery does not tell at one look. */
  #decoder: SseDecoder | null = null;
  #isDone = false;

  constructor(private readonly exchange: Exchange) {}

  /** @returns whether there is nothing left to look for */
  look(chunk: Uint8Array): boolean {
    if (chunk.length <= MAX_LOOKED_AT_BYTES) {
      this.#feed(byteString(chunk));
      return this.#isDone;
    }
    this.#feed(byteString(chunk, 0, EDGE_BYTES));
    // The two halves of what is left out make an event that is no JSON, and says nothing.
    if (!this.#isDone) this.#feed(byteString(chunk, chunk.length - EDGE_BYTES));
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

  /** Whether events answer and do not think, as nearly every stream begins: one look in place of a parse. */
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
