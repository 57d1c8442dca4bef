import { type Exchange } from '../exchange/exchange.js';
import { tellsCompletion } from '../exchange/tokens-of.js';
import { type ConcludingWitness } from './concluding-witness.js';
import { type GrowingSample } from './growing-sample.js';
import { lastFinishIn, lastUsageIn } from './notes-in.js';
import { ReplyTail } from './reply-tail.js';

/** In a JSON reply the usage stands behind what it says, and little behind the usage. */
const TAIL_BYTES = 16_384;

/** Sees a JSON reply, and notes its usage and finish at the end, be it whole or cut. */
export class JsonWitness implements ConcludingWitness {
  readonly #tail = new ReplyTail(TAIL_BYTES);

  /** @param sample - where its beginning is kept; null when it need not be. */
  constructor(
    private readonly exchange: Exchange,
    private readonly sample: GrowingSample | null,
  ) {}

  see(chunk: Uint8Array): void {
    this.#tail.add(chunk);
    this.sample?.add(chunk);
  }

  conclude(): void {
    const { exchange, sample } = this;
    const { facts } = exchange;
    if (!exchange.isReplyRead) {
      const end = this.#tail.take();
      facts.usage ??= lastUsageIn(end);
      facts.finishReason ??= lastFinishIn(end);
    }
    if (sample === null) return;
    if (tellsCompletion(facts.usage) || sample.totalBytes === 0) sample.release();
    else exchange.sample = sample.finished();
  }
}
