import { type ReplySample } from '../../../exchange/reply/reply-sample.js';
import { type ReplySamples, SAMPLE_BYTES } from './reply-samples.js';

const NOTHING = new Uint8Array(0);

/**
 * A sample that is still being taken. Most replies say their usage, and many come in one delivery:
 * the first one is held by reference, and nothing is copied before a second one comes.
 */
export class GrowingSample implements ReplySample {
  totalBytes = 0;
  #first: Uint8Array | null = null;
  #buffer: Buffer | null = null;
  #length = 0;
  #isGivenUp = false;

  constructor(
    readonly isStream: boolean,
    private readonly samples: ReplySamples,
  ) {}

  get bytes(): Uint8Array {
    return this.#buffer?.subarray(0, this.#length) ?? NOTHING;
  }

  add(chunk: Uint8Array): void {
    const isFirst = this.totalBytes === 0;
    this.totalBytes += chunk.length;
    if (this.#isGivenUp || this.#length === SAMPLE_BYTES) return;
    if (isFirst) {
      this.#first = chunk;
      return;
    }
    this.#copyFirst();
    this.#copy(chunk);
  }

  /**
   * The sample of a reply that is over, as a copy.
   *
   * @returns null when there was no room for it
   */
  finished(): ReplySample | null {
    this.#copyFirst();
    return this.#isGivenUp ? null : this;
  }

  release(): void {
    this.#isGivenUp = true;
    if (this.#buffer !== null) this.samples.giveBack(this.#buffer);
    this.#buffer = null;
    this.#first = null;
  }

  #copyFirst(): void {
    const first = this.#first;
    if (first === null) return;
    this.#first = null;
    this.#buffer = this.samples.take();
    this.#isGivenUp = this.#buffer === null;
    this.#copy(first);
  }

  #copy(chunk: Uint8Array): void {
    const room = SAMPLE_BYTES - this.#length;
    const kept = chunk.length > room ? chunk.subarray(0, room) : chunk;
    this.#buffer?.set(kept, this.#length);
    this.#length += kept.length;
  }
}
