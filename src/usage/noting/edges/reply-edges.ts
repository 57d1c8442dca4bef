import { type Exchange } from '../../../exchange/exchange.js';
import { type ReportedUsage } from '../../../exchange/facts/tokens-of.js';
import { byteString } from '../../../wire/byte-text.js';
import { lastFinishIn, lastUsageIn } from './notes-in.js';
import { FINISH_BYTES, ReplyTail, TAIL_BYTES } from './reply-tail.js';
import { StreamStart } from './stream-start.js';
import { usageBeforeEnd, usageInJson } from './usage-in-json.js';
import { usageOfMessages } from './usage-of-messages.js';

/** Of `messages` the first event tells half of the usage, as Anthropic's does. */
export type StreamForm = 'stream' | 'messages';

/** What a body is, as far as it decides where its usage stands. */
export type ReplyForm = 'json' | StreamForm;

/** What is noted, and whether all of the reply came. */
type EndedExchange = Pick<Exchange, 'facts' | 'outcome'>;

/** As much is kept of the beginning as of the end. */
const HEAD_BYTES = TAIL_BYTES;

/**
 * The end of a body and, of JSON, its beginning, by reference: some servers say the usage before all
 * the rest. Of either never more than its bound and one delivery.
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
    if (this.form !== 'json' || this.#headBytes > HEAD_BYTES) return;
    this.#head.push(chunk);
    this.#headBytes += chunk.length;
  }

  /** Notes the usage and the finish that they tell; they are kept no longer. */
  note({ facts, outcome }: EndedExchange): void {
    const isUsageKnown = facts.usage !== null;
    const end = this.#tail.take(isUsageKnown ? FINISH_BYTES : TAIL_BYTES);
    facts.usage ??= this.#usageIn(end, outcome === 'completed');
    facts.finishReason ??= lastFinishIn(end);
    this.#head = [];
  }

  #usageIn(end: string, isWhole: boolean): ReportedUsage | null {
    if (this.form !== 'json') return usageOfMessages(this.#start?.usage ?? null, lastUsageIn(end));
    const hasAll = this.#headBytes <= HEAD_BYTES;
    // Where the reply was cut, the brace that closes last need not be its own.
    if (hasAll && !isWhole) return usageInJson(end);
    const usage = usageBeforeEnd(end, 1);
    if (usage !== null || hasAll) return usage ?? usageInJson(end);
    return usageInJson(byteString(Buffer.concat(this.#head, HEAD_BYTES)));
  }
}
