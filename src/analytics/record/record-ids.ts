/** Ids that no other record has, of this process or of another. */
export class RecordIds {
  #count = 0;

  /** @param instance - of this process, at random: 16 hexadecimal digits, or 64 bits, are enough. */
  constructor(private readonly instance: string) {}

  next(): string {
    this.#count += 1;
    return `${this.instance}-${this.#count}`;
  }
}
