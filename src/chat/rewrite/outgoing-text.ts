import { CR } from '../../wire/line-ends.js';

/**
 * What leaves of one delivery of a stream. As long as it is what came, piece by piece, nothing is
 * put together, so that a delivery to which nothing happens costs no copy.
 */
export class OutgoingText {
  #came = '';
  /** How much of what came has left unchanged; null once something else has left. */
  #unchanged: number | null = 0;
  #text = '';
  #endsInCr = false;

  /** A delivery comes, as a byte string. */
  begin(came: string): void {
    this.#came = came;
    this.#unchanged = 0;
    this.#text = '';
  }

  add(bytes: string): void {
    if (bytes !== '') this.#endsInCr = bytes.charCodeAt(bytes.length - 1) === CR;
    if (this.#unchanged !== null) {
      const end = this.#unchanged + bytes.length;
      if (this.#came.slice(this.#unchanged, end) === bytes) {
        this.#unchanged = end;
        return;
      }
      this.#text = this.#came.slice(0, this.#unchanged);
      this.#unchanged = null;
    }
    this.#text += bytes;
  }

  /** Whether what has left last, of this delivery or of one before, is a carriage return. */
  get endsInCr(): boolean {
    return this.#endsInCr;
  }

  /** Whether all that came has left as it is, and nothing else. */
  get isUnchanged(): boolean {
    return this.#unchanged === this.#came.length;
  }

  /** What has left since {@link begin}. */
  get text(): string {
    return this.#unchanged === null ? this.#text : this.#came.slice(0, this.#unchanged);
  }
}
