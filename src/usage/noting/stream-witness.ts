import { type Exchange } from '../../exchange/exchange.js';
import { TokenGaps } from '../../exchange/token-gaps.js';
import { type ConcludingWitness } from './concluding-witness.js';
import { FirstTokens } from './first-tokens.js';
import { type GrowingSample } from './growing-sample.js';
import { lastFinishIn, lastUsageIn } from './notes-in.js';
import { FINISH_BYTES, ReplyTail, TAIL_BYTES } from './reply-tail.js';
import { StreamStart } from './stream-start.js';
import { tellingUsage, tellsCompletion } from '../../exchange/tokens-of.js';
import { usageOfMessages } from './usage-of-messages.js';

export interface StreamWitnessParts {
  readonly exchange: Exchange;
  /** Where its beginning is kept; null when it need not be. */
  readonly sample: GrowingSample | null;
  /** Whether its first event tells half of the usage, as in Anthropic's Messages. */
  readonly beginsWithUsage: boolean;
}

/** Sees an event stream, and notes what it says and when, be it whole or cut. */
export class StreamWitness implements ConcludingWitness {
  /** The last events: finish, usage, `[DONE]`. */
  readonly #tail: ReplyTail | null;
  /** Null where no usage stands at the start. */
  readonly #start: StreamStart | null;
  #firstTokens: FirstTokens | null;
  #lastMs: number | null = null;

  constructor(private readonly parts: StreamWitnessParts) {
    const { exchange, beginsWithUsage } = parts;
    this.#start = beginsWithUsage ? new StreamStart() : null;
    this.#tail = exchange.isReplyRead ? null : new ReplyTail();
    this.#firstTokens = exchange.isReplyRead ? null : new FirstTokens(exchange);
  }

  see(chunk: Uint8Array): void {
    this.#noteTime();
    this.#start?.look(chunk);
    if (this.#firstTokens?.look(chunk) === true) this.#firstTokens = null;
    this.#tail?.add(chunk);
    this.parts.sample?.add(chunk);
  }

  conclude(): void {
    const { exchange, sample } = this.parts;
    const { facts } = exchange;
    // Whoever kept an event from the client did not look at what its usage tells.
    facts.usage = tellingUsage(facts.usage);
    if (this.#tail !== null) {
      const end = this.#tail.take(facts.usage === null ? TAIL_BYTES : FINISH_BYTES);
      facts.usage ??= usageOfMessages(this.#start?.usage ?? null, lastUsageIn(end));
      facts.finishReason ??= lastFinishIn(end);
    }
    if (tellsCompletion(facts.usage)) sample?.release();
    else exchange.sample = sample?.finished() ?? null;
  }

  #noteTime(): void {
    const { exchange } = this.parts;
    const nowMs = exchange.elapsedMs();
    if (this.#lastMs !== null) {
      exchange.facts.gaps ??= new TokenGaps();
      exchange.facts.gaps.note(nowMs - this.#lastMs);
    }
    this.#lastMs = nowMs;
  }
}
