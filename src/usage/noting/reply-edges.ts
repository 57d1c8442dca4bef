import { type ExchangeFacts } from '../../exchange/exchange.js';
import { type ReportedUsage } from '../../exchange/tokens-of.js';
import { byteString } from '../../wire/byte-text.js';
import { lastFinishIn, lastUsageIn } from './notes-in.js';
import { ReplyTail, TAIL_BYTES } from './reply-tail.js';
import { StreamStart } from './stream-start.js';
import { usageBeforeEnd, usageInJson } from './usage-in-json.js';
import { usageOfMessages } from './usage-of-messages.js';

/** `messages` is a stream whose first event tells half of the usage, as Anthropic's does. */
export type ReplyForm = 'json' | 'stream' | 'messages';

/** Of the beginning as much as of the end. */
const HEAD_BYTES = TAIL_BYTES;

/**
 * The beginning and the end of a body, by reference: some servers say the usage before all the
 * rest. Of the beginning, too, never more than its bound and one delivery.
 */
export class ReplyEdges {
  readonly #tail = new ReplyTail();
  #head: Uint8Array[] = [];
  #headBytes = 0;
  /** Null where no usage stands at the start. */
  readonly #start: StreamStart | null;

  constructor(private readonly form: ReplyForm) {
    this.#start = form === 'messages' ? new StreamStart() : null;
  }

  add(chunk: Uint8Array): void {
    this.#start?.look(chunk);
    this.#tail.add(chunk);
    if (this.#headBytes > HEAD_BYTES) return;
    this.#head.push(chunk);
    this.#headBytes += chunk.length;
  }

  /** Notes the usage and the finish that they tell; they are kept no longer. */
  note(facts: ExchangeFacts): void {
    const end = this.#tail.take();
    facts.usage ??= this.#usageIn(end);
    facts.finishReason ??= lastFinishIn(end);
    this.#head = [];
  }

  #usageIn(end: string): ReportedUsage | null {
    if (this.form !== 'json') return usageOfMessages(this.#start?.usage ?? null, lastUsageIn(end));
    // The end is all there is: if it was cut, what closes last need not be the reply.
    if (this.#headBytes <= HEAD_BYTES) return usageInJson(end);
    const beginning = byteString(Buffer.concat(this.#head, HEAD_BYTES));
    return usageBeforeEnd(end, 1) ?? usageInJson(beginning);
  }
}
