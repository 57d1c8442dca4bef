import { Observable, type Subscriber } from 'rxjs';
import { type BodyFilter } from '../exchange/reply/body-filter.js';
import { type BodyWitness } from '../exchange/reply/reply-witness.js';
import { passOn } from '../exchange/reply/transform/pass-on.js';

/** What stands between the upstream and the reader of a body. */
export interface ReplyBodyParts {
  /** Called when the reader has come, before anything is delivered to it. */
  readonly filter: () => BodyFilter | null;
  /** Called right after {@link filter}; sees what passes that. */
  readonly witness: () => BodyWitness | null;
  /** Called when the reader has come and got what was kept for it. */
  readonly onRead: () => void;
  /** Called when the reader has gone, also after the end. */
  readonly onLeave: () => void;
}

/**
 * A reply's body between the upstream, which pushes, and its one reader. What comes before the
 * reader does is kept: no more than the upstream socket had read, for it is paused until then.
 */
export class ReplyBody {
  readonly bytes: Observable<Uint8Array>;
  #reader: Subscriber<Uint8Array> | null = null;
  #filter: BodyFilter | null = null;
  #witness: BodyWitness | null = null;
  #early: Uint8Array[] = [];
  #ending: ((reader: Subscriber<Uint8Array>) => void) | null = null;

  constructor({ filter, witness, onRead, onLeave }: ReplyBodyParts) {
    this.bytes = new Observable((reader) => {
      this.#reader = reader;
      this.#filter = filter();
      this.#witness = witness();
      for (const chunk of this.#early) this.#deliver(chunk, reader);
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
    else this.#deliver(chunk, this.#reader);
  }

  end(): void {
    this.#finish((reader) => {
      // Of a body that breaks off what is held is half an event, which no client could read.
      const filter = this.#filter;
      if (filter !== null) passOn(reader, () => filter.end(), this.#witness);
      reader.complete();
    });
  }

  fail(error: Error): void {
    this.#finish((reader) => {
      reader.error(error);
    });
  }

  #deliver(chunk: Uint8Array, reader: Subscriber<Uint8Array>): void {
    const filter = this.#filter;
    passOn(reader, () => (filter === null ? chunk : filter.feed(chunk)), this.#witness);
  }

  #finish(ending: (reader: Subscriber<Uint8Array>) => void): void {
    this.#ending = ending;
    if (this.#reader !== null) ending(this.#reader);
  }
}
