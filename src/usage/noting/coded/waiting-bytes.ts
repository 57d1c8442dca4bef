/** Most bytes of one reply that wait for the threads of zlib. */
const MAX_REPLY_BYTES = 16_777_216;

/** And of all replies together. */
const MAX_BYTES = 67_108_864;

let waiting = 0;

/** What of one reply waits to be decoded, by reference, out of a budget that all replies share. */
export class WaitingBytes {
  #bytes = 0;

  /** @returns false where there is no room for so many */
  take(bytes: number): boolean {
    if (this.#bytes + bytes > MAX_REPLY_BYTES || waiting + bytes > MAX_BYTES) return false;
    this.#bytes += bytes;
    waiting += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    // A write may end after all that waits was given back, and this with it.
    const given = Math.min(bytes, this.#bytes);
    this.#bytes -= given;
    waiting -= given;
  }

  /** Those that will never be decoded. */
  giveBackAll(): void {
    this.giveBack(this.#bytes);
  }
}
