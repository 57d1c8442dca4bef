import { Injectable } from '@nestjs/common';

/** How much of a reply is counted; longer ones are taken to go on like it. */
export const SAMPLE_BYTES = 16_384;

/** 32 MiB in all: further replies are not sampled. */
const MAX_SAMPLES = 2_048;

/** What is kept for the next reply, because to allocate a buffer costs more than to fill it: 2 MiB. */
const MAX_SPARE = 128;

/** Where the beginnings of replies are kept, as long as their tokens may have to be counted. */
@Injectable()
export class ReplySamples {
  readonly #spare: Buffer[] = [];
  #used = 0;

  /** A buffer of {@link SAMPLE_BYTES} for the beginning of one reply; null when there is no room. */
  take(): Buffer | null {
    if (this.#used >= MAX_SAMPLES) return null;
    this.#used++;
    return this.#spare.pop() ?? Buffer.allocUnsafeSlow(SAMPLE_BYTES);
  }

  giveBack(buffer: Buffer): void {
    this.#used--;
    if (this.#spare.length < MAX_SPARE) this.#spare.push(buffer);
  }
}
