import { Buffer } from 'node:buffer';
import { type Readable } from 'node:stream';

interface Awaited {
  readonly bytes: number;
  readonly resolve: (text: string) => void;
}

/**
 * Receives the text of batches. It holds no more than one, since the gateway sends the next when it
 * has got an answer.
 */
export class BatchInlet {
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

  /** Resolves when so many bytes have come. To be called for one batch after the other. */
  async take(bytes: number): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#awaited = { bytes, resolve };
    this.#give();
    return promise;
  }

  #give(): void {
    const awaited = this.#awaited;
    if (awaited === null || this.#received < awaited.bytes) return;
    const received = Buffer.concat(this.#chunks);
    const rest = received.subarray(awaited.bytes);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#received = rest.length;
    this.#awaited = null;
    awaited.resolve(received.toString('utf8', 0, awaited.bytes));
  }
}
