/** That of UTF-8 as a byte string: one may begin an event stream (WHATWG HTML §9.2.5). */
export const BOM = '\u00ef\u00bb\u00bf';

/** A text without the mark that may begin it. */
export function behindBom(text: string): string {
  return text.startsWith(BOM) ? text.slice(BOM.length) : text;
}

const NOTHING = new Uint8Array(0);

/** Takes a byte order mark from the beginning of a stream, however that is cut. */
export class WithoutBom {
  /** Bytes that may be its beginning and are held; null once it is known. */
  #held: number | null = 0;

  /** @returns what passes of the bytes, and of those held before them */
  feed(bytes: Uint8Array): Uint8Array {
    if (this.#held === null) return bytes;
    let marked = this.#held;
    let at = 0;
    while (at < bytes.length && marked < BOM.length && bytes[at] === BOM.charCodeAt(marked)) {
      at++;
      marked++;
    }
    if (marked < BOM.length && at === bytes.length) {
      this.#held = marked;
      return NOTHING;
    }
    const held = BOM.slice(0, this.#held);
    this.#held = null;
    if (marked === BOM.length) return bytes.subarray(at);
    return held === '' ? bytes : Buffer.concat([Buffer.from(held, 'latin1'), bytes]);
  }
}
