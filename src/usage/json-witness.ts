import { type Exchange } from '../exchange/exchange.js';
import { type BodyWitness } from '../exchange/reply-witness.js';
import { lastFinishIn, lastUsageIn } from './notes-in.js';
import { type GrowingSample, type ReplySamples } from './reply-samples.js';
import { ReplyTail } from './reply-tail.js';

/** In a JSON reply the usage stands behind what it says, and little behind the usage. */
const TAIL_BYTES = 16_384;

/** Sees a JSON reply, and notes its usage and finish at the end, be it whole or cut. */
export class JsonWitness implements BodyWitness {
  readonly #tail = new ReplyTail(TAIL_BYTES);
  #first: Uint8Array | null = null;
  #sample: GrowingSample | null = null;

  /** @param samples - where its beginning is kept; null when it need not be. */
  constructor(
    private readonly exchange: Exchange,
    private readonly samples: ReplySamples | null,
  ) {}

  see(chunk: Uint8Array): void {
    this.#tail.add(chunk);
    // Nearly every reply is one delivery, and says its usage: nothing of it is copied.
    if (this.#first === null) this.#first = chunk;
    else this.#sampled(this.#first)?.add(chunk);
  }

  finish(): void {
    const { exchange } = this;
    const { facts } = exchange;
    if (!exchange.isReplyRead) {
      const end = this.#tail.take();
      facts.usage ??= lastUsageIn(end);
      facts.finishReason ??= lastFinishIn(end);
    }
    if (facts.usage !== null) this.#sample?.release();
    else if (this.#first !== null) exchange.sample = this.#sampled(this.#first);
    this.#first = null;
  }

  #sampled(first: Uint8Array): GrowingSample | null {
    if (this.#sample === null && this.samples !== null) {
      this.#sample = this.samples.begin('json');
      this.#sample?.add(first);
    }
    return this.#sample;
  }
}
