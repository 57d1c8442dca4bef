const MS_PER_SECOND = 1000;

/** Writes times as ISO 8601 in UTC with milliseconds; what two of one second share is made once. */
export class Timestamps {
  #second = NaN;
  /** Up to the point before the milliseconds. */
  #beginning = '';

  /** @param wallMs - milliseconds since 1970, of the years 1970 to 9999. */
  iso(wallMs: number): string {
    const second = Math.floor(wallMs / MS_PER_SECOND);
    if (second !== this.#second) {
      this.#second = second;
      this.#beginning = new Date(second * MS_PER_SECOND).toISOString().slice(0, -'000Z'.length);
    }
    const ms = Math.floor(wallMs - second * MS_PER_SECOND);
    return `${this.#beginning}${ms < 10 ? '00' : ms < 100 ? '0' : ''}${ms}Z`;
  }
}
