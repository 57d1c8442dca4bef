import { type Observer } from 'rxjs';
import { type Exchange } from '../exchange/exchange.js';
import { TokenGaps } from '../exchange/token-gaps.js';
import { FirstTokens } from './first-tokens.js';
import { firstUsageIn, lastFinishIn, lastUsageIn } from './notes-in.js';
import { type GrowingSample } from './reply-samples.js';
import { ReplyTail } from './reply-tail.js';
import { type ReplyTap } from './reply-tap.js';
import { type ReportedUsage } from './tokens-of.js';
import { UsageWithholder } from './usage-withholder.js';

/** The last events of a stream: finish, usage, `[DONE]`. */
const TAIL_BYTES = 4_096;

export interface StreamTapParts {
  readonly exchange: Exchange;
  readonly reader: Observer<Uint8Array>;
  /** Where its beginning is kept; null when it need not be, or there is no room. */
  readonly sample: GrowingSample | null;
  /** Whether its usage was asked for by Sluice, and is kept from the client. */
  readonly withholdsUsage: boolean;
  /** Whether its first event tells half of the usage, as in Anthropic's Messages. */
  readonly beginsWithUsage: boolean;
}

/** Looks at the bytes of an event stream on their way, and notes what they say and when. */
export class StreamTap implements ReplyTap {
  readonly #withholder: UsageWithholder | null;
  readonly #tail: ReplyTail | null;
  #firstTokens: FirstTokens | null;
  #usageAtStart: ReportedUsage | null = null;
  #lastMs: number | null = null;

  constructor(private readonly parts: StreamTapParts) {
    const { exchange } = parts;
    this.#withholder = parts.withholdsUsage
      ? new UsageWithholder((usage) => {
          exchange.facts.usage = usage;
        })
      : null;
    this.#tail = exchange.isReplyRead ? null : new ReplyTail(TAIL_BYTES);
    this.#firstTokens = exchange.isReplyRead ? null : new FirstTokens(exchange);
  }

  next(chunk: Uint8Array): void {
    this.#noteTime(chunk);
    if (this.#firstTokens?.look(chunk) === true) this.#firstTokens = null;
    this.#tail?.add(chunk);
    this.parts.sample?.add(chunk);
    const { reader } = this.parts;
    if (this.#withholder === null) {
      reader.next(chunk);
      return;
    }
    const passing = this.#withholder.feed(chunk);
    if (passing.length > 0) reader.next(passing);
  }

  error(error: unknown): void {
    // What is held is half an event, which no client could read: the error is the next one.
    this.parts.reader.error(error);
  }

  complete(): void {
    const { reader } = this.parts;
    const rest = this.#withholder?.end();
    if (rest !== undefined && rest.length > 0) reader.next(rest);
    reader.complete();
  }

  finish(): void {
    const { exchange, sample } = this.parts;
    const { facts } = exchange;
    if (this.#tail !== null) {
      const end = this.#tail.take();
      facts.usage ??= this.#usageWith(lastUsageIn(end));
      facts.finishReason ??= lastFinishIn(end);
    }
    if (facts.usage === null) exchange.sample = sample;
    else sample?.release();
  }

  #noteTime(chunk: Uint8Array): void {
    const { exchange, beginsWithUsage } = this.parts;
    const nowMs = exchange.elapsedMs();
    if (this.#lastMs !== null) {
      exchange.facts.gaps ??= new TokenGaps();
      exchange.facts.gaps.note(nowMs - this.#lastMs);
    } else if (beginsWithUsage) {
      this.#usageAtStart = firstUsageIn(beginningOf(chunk));
    }
    this.#lastMs = nowMs;
  }

  /** The last event of Anthropic's counts the reply, the first one counts the request. */
  #usageWith(last: ReportedUsage | null): ReportedUsage | null {
    const start = this.#usageAtStart;
    if (start === null) return last;
    const usage: Record<string, unknown> = { ...start };
    // At the start the reply has one token; what it came to is only told at the end.
    delete usage.output_tokens;
    const isAtEnd = last !== null && JSON.stringify(last) !== JSON.stringify(start);
    for (const [name, value] of Object.entries(isAtEnd ? last : {})) {
      if (value !== null) usage[name] = value;
    }
    return usage;
  }
}

function beginningOf(chunk: Uint8Array): string {
  const length = Math.min(chunk.length, TAIL_BYTES);
  return Buffer.from(chunk.buffer, chunk.byteOffset, length).toString('latin1');
}
