/** Text of a message that was fed to a dialect and not yet given to its sink. */
export class UnreadText {
  #text = '';

  get text(): string {
    return this.#text;
  }

  get isEmpty(): boolean {
    return this.#text === '';
  }

  add(text: string): void {
    this.#text += text;
  }

  /** Takes so many characters off its beginning. */
  take(length: number): string {
    const taken = this.#text.slice(0, length);
    this.#text = this.#text.slice(length);
    return taken;
  }
}
