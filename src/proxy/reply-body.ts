import { Observable, type Subscriber } from 'rxjs';

/**
 * A reply's body between the upstream, which pushes, and its one reader. What comes before the
 * reader does is kept: no more than the upstream socket had read, for it is paused until then.
 */
export class ReplyBody {
  readonly bytes: Observable<Uint8Array>;
  #reader: Subscriber<Uint8Array> | null = null;
  #early: Uint8Array[] = [];
  #ending: ((reader: Subscriber<Uint8Array>) => void) | null = null;

  /**
   * @param onRead - called when the reader has come.
   * @param onLeave - called when the reader has gone, also after the end.
   */
  constructor(onRead: () => void, onLeave: () => void) {
    this.bytes = new Observable((reader) => {
      this.#reader = reader;
      for (const chunk of this.#early) reader.next(chunk);
      this.#early = [];
      this.#ending?.(reader);
      onRead();
      return onLeave;
    });
  }

  get hasReader(): boolean {
    return this.#reader !== null;
  }

  push(chunk: Uint8Array): void {
    if (this.#reader === null) this.#early.push(chunk);
    else this.#reader.next(chunk);
  }

  end(): void {
    this.#finish((reader) => {
      reader.complete();
    });
  }

  fail(error: Error): void {
    this.#finish((reader) => {
      reader.error(error);
    });
  }

  #finish(ending: (reader: Subscriber<Uint8Array>) => void): void {
    this.#ending = ending;
    if (this.#reader !== null) ending(this.#reader);
  }
}
