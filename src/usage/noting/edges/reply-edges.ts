import { type Exchange } from '../../../exchange/exchange.js';
import { type ReportedUsage } from '../../../exchange/facts/tokens-of.js';
import { byteString } from '../../../wire/byte-text.js';
import { lastFinishIn, lastUsageIn } from './notes-in.js';
import { FINISH_BYTES, ReplyTail, TAIL_BYTES } from './reply-tail.js';
import { StreamStart } from './stream-start.js';
import { usageBeforeEnd, usageInJson } from './usage-in-json.js';
import { usageOfMessages } from './usage-of-messages.js';

/**
 * How a stream tells its usage: `messages`, Anthropic's, what the request used in its first event and the
 * rest near its end; any other `stream` all of it near its end.
 */
export type StreamForm = 'stream' | 'messages';

/** What a body is, which decides where its usage is looked for. */
export type ReplyForm = 'json' | StreamForm;

/** What is noted on, and the outcome, which says whether all of the reply came. */
type EndedExchange = Pick<Exchange, 'facts' | 'outcome'>;

/** As much is kept of the beginning as of the end. */
const HEAD_BYTES = TAIL_BYTES;

/**
 * Keeps the end of a body and, of JSON, its beginning, since some servers write the usage before all
 * else. Chunks are held and not copied; of each edge never more than its bound and one delivery.
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
    // A cut reply may end with the brace of an inner object, so that levels cannot be counted from there.
    if (hasAll && !isWhole) return usageInJson(end);
    const usage = usageBeforeEnd(end, 1);
    if (usage !== null || hasAll) return usage ?? usageInJson(end);
    return usageInJson(byteString(Buffer.concat(this.#head, HEAD_BYTES)));
  }
}
