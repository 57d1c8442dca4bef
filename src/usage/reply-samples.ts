import { Injectable } from '@nestjs/common';
import { type ReplySample } from '../exchange/reply-sample.js';

/** How much of a reply is counted; longer ones are taken to go on like it. */
export const SAMPLE_BYTES = 16_384;

/** 32 MiB in all: further replies are not sampled. */
const MAX_SAMPLES = 2_048;

/** What is kept for the next reply, because to allocate a buffer costs more than to fill it: 2 MiB. */
const MAX_SPARE = 128;

/** Keeps the beginnings of replies, as long as their tokens may have to be counted. */
@Injectable()
export class ReplySamples {
  readonly #spare: Buffer[] = [];
  #used = 0;

  /** @returns null when there is no room for another. */
  begin(kind: 'stream' | 'json'): GrowingSample | null {
    if (this.#used >= MAX_SAMPLES) return null;
    this.#used++;
    const buffer = this.#spare.pop() ?? Buffer.allocUnsafeSlow(SAMPLE_BYTES);
    return new GrowingSample(buffer, kind === 'stream', () => {
      this.#used--;
      if (this.#spare.length < MAX_SPARE) this.#spare.push(buffer);
    });
  }
}

/** A sample that is still being taken. */
export class GrowingSample implements ReplySample {
  totalBytes = 0;
  #length = 0;
  #isReleased = false;

  constructor(
    private readonly buffer: Buffer,
    readonly isStream: boolean,
    private readonly onRelease: () => void,
  ) {}

  get bytes(): Uint8Array {
    return this.buffer.subarray(0, this.#length);
  }

  add(chunk: Uint8Array): void {
    this.totalBytes += chunk.length;
    const room = SAMPLE_BYTES - this.#length;
    if (room === 0 || this.#isReleased) return;
    const kept = chunk.length > room ? chunk.subarray(0, room) : chunk;
    this.buffer.set(kept, this.#length);
    this.#length += kept.length;
  }

  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.onRelease();
  }
}
