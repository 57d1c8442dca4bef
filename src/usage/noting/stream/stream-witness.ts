import { type Exchange } from '../../../exchange/exchange.js';
import { TokenGaps } from '../../../exchange/facts/token-gaps.js';
import { tellsCompletion } from '../../../exchange/facts/tokens-of.js';
import { type ConcludingWitness } from '../concluding-witness.js';
import { ReplyEdges, type StreamForm } from '../edges/reply-edges.js';
import { type GrowingSample } from '../sample/growing-sample.js';
import { FirstTokens } from './first-tokens.js';

/** Where a stream is noted, and what is kept of it. */
export interface StreamWitnessParts {
  readonly exchange: Exchange;
  /** Where its beginning is kept; null when it need not be. */
  readonly sample: GrowingSample | null;
  readonly form: StreamForm;
}

/** Sees an event stream, and notes what it says and when, be it whole or cut. */
export class StreamWitness implements ConcludingWitness {
  readonly #edges: ReplyEdges | null;
  #firstTokens: FirstTokens | null;
  #lastMs: number | null = null;

  constructor(private readonly parts: StreamWitnessParts) {
    const { exchange, form } = parts;
    this.#edges = exchange.isReplyRead ? null : new ReplyEdges(form);
    this.#firstTokens = exchange.isReplyRead ? null : new FirstTokens(exchange);
  }

  see(chunk: Uint8Array): void {
    this.#noteTime();
    if (this.#firstTokens?.look(chunk) === true) this.#firstTokens = null;
    this.#edges?.add(chunk);
    this.parts.sample?.add(chunk);
  }

  conclude(): void {
    const { exchange, sample } = this.parts;
    this.#edges?.note(exchange);
    if (tellsCompletion(exchange.facts.usage)) sample?.release();
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
