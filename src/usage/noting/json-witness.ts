import { type Exchange } from '../../exchange/exchange.js';
import { tellsCompletion } from '../../exchange/facts/tokens-of.js';
import { type ConcludingWitness } from './concluding-witness.js';
import { ReplyEdges } from './edges/reply-edges.js';
import { type GrowingSample } from './sample/growing-sample.js';

/** Sees a JSON reply, and notes its usage and finish at the end, be it whole or cut. */
export class JsonWitness implements ConcludingWitness {
  readonly #edges = new ReplyEdges('json');

  /** @param sample - where its beginning is kept; null when it need not be. */
  constructor(
    private readonly exchange: Exchange,
    private readonly sample: GrowingSample | null,
  ) {}

  see(chunk: Uint8Array): void {
    this.#edges.add(chunk);
    this.sample?.add(chunk);
  }

  conclude(): void {
    const { exchange, sample } = this;
    const { facts } = exchange;
    if (!exchange.isReplyRead) this.#edges.note(exchange);
    if (sample === null) return;
    if (tellsCompletion(facts.usage) || sample.totalBytes === 0) sample.release();
    else exchange.sample = sample.finished();
  }
}
