import { byteString } from '../../../wire/byte-text.js';

/** Usage and finish stand behind what a reply says, and little behind them. */
export const TAIL_BYTES = 16_384;

/** As much as the reason to finish stands in, where the usage is known already. */
export const FINISH_BYTES = 4_096;

const NOTHING = Buffer.alloc(0);

/**
 * The end of a body, by reference: usage and finish stand there, in JSON and in streams. Never
 * more than its bound and one delivery.
 */
export class ReplyTail {
  #chunks: Uint8Array[] = [];
  #bytes = 0;

  add(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    this.#keep(TAIL_BYTES);
  }

  /** The last bytes, at most so many, as a byte string; they are kept no longer. */
  take(maxBytes: number): string {
    this.#keep(maxBytes);
    const [first, second] = this.#chunks;
    const whole =
      second === undefined ? (first ?? NOTHING) : Buffer.concat(this.#chunks, this.#bytes);
    this.#chunks = [];
    this.#bytes = 0;
    return byteString(whole, Math.max(0, whole.length - maxBytes));
  }

  #keep(bytes: number): void {
    while (this.#bytes - (this.#chunks[0]?.length ?? 0) >= bytes) {
      this.#bytes -= this.#chunks.shift()?.length ?? 0;
    }
  }
}
