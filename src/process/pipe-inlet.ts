import { Buffer } from 'node:buffer';
import { type Readable } from 'node:stream';

interface Awaited {
  readonly count: number;
  readonly resolve: (bytes: Buffer) => void;
}

/** Receives bytes in the portions that are asked for, however they were cut on their way. */
export class PipeInlet {
  #chunks: Buffer[] = [];
  #received = 0;
  #awaited: Awaited | null = null;

  constructor(pipe: Readable) {
    pipe.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#received += chunk.length;
      this.#give();
    });
  }

  /** Resolves when so many bytes have come. To be called for one portion after the other. */
  async take(count: number): Promise<Buffer> {
    const { promise, resolve } = Promise.withResolvers<Buffer>();
    this.#awaited = { count, resolve };
    this.#give();
    return promise;
  }

  #give(): void {
    const awaited = this.#awaited;
    if (awaited === null || this.#received < awaited.count) return;
    const [first = Buffer.alloc(0), ...others] = this.#chunks;
    const received = others.length === 0 ? first : Buffer.concat(this.#chunks);
    const rest = received.subarray(awaited.count);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#received = rest.length;
    this.#awaited = null;
    awaited.resolve(received.subarray(0, awaited.count));
  }
}
