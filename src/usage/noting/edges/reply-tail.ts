import { byteString } from '../../../wire/byte-text.js';

/** Enough to find usage and finish in, behind which a reply has little more. */
export const TAIL_BYTES = 16_384;

/** Enough to find the finish in, which is all that is looked for once the usage is known. */
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

  /** Takes out the last bytes, at most `maxBytes`, as a byte string. */
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
