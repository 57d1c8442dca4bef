import { type Socket } from 'node:net';

/** How a connection ended: closed in order, or broken. */
export type Ending = 'end' | 'reset';

/** What a socket has received, for a test to wait for. Bytes are read as Latin-1. */
export class ByteReader {
  /** Everything that ever came. */
  receivedBytes = 0;
  #received = '';
  #isCounting = false;
  #ending: Ending | null = null;
  #onChange = Promise.withResolvers<undefined>();

  constructor(private readonly socket: Socket) {
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.receivedBytes += text.length;
      if (!this.#isCounting) this.#received += text;
      this.#changed();
    });
    socket.on('end', () => {
      this.#ending ??= 'end';
      this.#changed();
    });
    socket.on('error', () => {
      this.#ending ??= 'reset';
      this.#changed();
    });
    socket.on('close', () => {
      this.#ending ??= 'end';
      this.#changed();
    });
  }

  /** Everything so far. */
  get received(): string {
    return this.#received;
  }

  /** Takes everything so far away, so that what follows can be waited for by itself. */
  take(): string {
    const taken = this.#received;
    this.#received = '';
    return taken;
  }

  /** Takes the first `length` bytes away, waiting for them. */
  async takeBytes(length: number): Promise<string> {
    await this.until((received) => received.length >= length);
    const taken = this.#received.slice(0, length);
    this.#received = this.#received.slice(length);
    return taken;
  }

  /** Takes everything up to and including `mark` away, waiting for it. */
  async takeThrough(mark: string): Promise<string> {
    await this.until((received) => received.includes(mark));
    return this.takeBytes(this.#received.indexOf(mark) + mark.length);
  }

  /** From now on bytes are counted and not kept. */
  countOnly(): void {
    this.#isCounting = true;
  }

  /** Waits until so many bytes came in all. */
  async untilBytes(bytes: number): Promise<void> {
    await this.until(() => this.receivedBytes >= bytes);
  }

  /** Waits until what was received satisfies `isEnough`; fails when the connection ends before. */
  async until(isEnough: (received: string) => boolean): Promise<string> {
    while (!isEnough(this.#received)) {
      if (this.#ending !== null) {
        throw new Error(`the connection ended (${this.#ending}) after: ${this.#received}`);
      }
      await this.#onChange.promise;
    }
    return this.#received;
  }

  /** Waits for the end of the connection. */
  async ended(): Promise<Ending> {
    while (this.#ending === null) await this.#onChange.promise;
    return this.#ending;
  }

  #changed(): void {
    this.#onChange.resolve(undefined);
    this.#onChange = Promise.withResolvers<undefined>();
  }
}
