/**
 * Gathers text up to a bound, and how much there was in all, so that the rest can be taken to be
 * like it.
 */
export class TextCollector {
  #text = '';
  #length = 0;

  /** @param maxLength - most characters that are kept */
  constructor(private readonly maxLength: number) {}

  add(text: string): void {
    this.#length += text.length;
    const room = this.maxLength - this.#text.length;
    if (room > 0) this.#text += room < text.length ? text.slice(0, room) : text;
  }

  get text(): string {
    return this.#text;
  }

  /** By how much all of the text exceeds what was kept; 1 when nothing is missing. */
  get factor(): number {
    return this.#length === 0 ? 1 : this.#length / this.#text.length;
  }
}
