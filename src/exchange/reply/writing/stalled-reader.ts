import { type Socket } from 'node:net';
import { CoarseTimeout } from '../../timing/coarse-timeout.js';

/** How often within the limit a client is looked at. */
const LOOKS = 4;

interface Progress {
  /** Bytes of writes that the system has taken whole. */
  readonly writtenBytes: number;
  /** Of the write under way, what it has not taken. */
  readonly queuedBytes: number;
}

/**
 * Calls back when a client has taken no byte for so long while some wait for it. The time runs from
 * the moment its socket is full, and what is taken begins it anew. The system tells that in lumps, of
 * a third of its buffer or so: who takes less than one within the limit is taken for stalled.
 */
export class StalledReader {
  #timer: CoarseTimeout | null = null;
  #last: Progress = { writtenBytes: -1, queuedBytes: -1 };
  #quietLooks = 0;

  /** @param limitMs - above 0; to a quarter of it more */
  constructor(
    private readonly connection: Socket,
    private readonly limitMs: number,
    private readonly onStalled: () => void,
  ) {}

  /** Bytes may be waiting: looks after them until the client has all that do. */
  watch(): void {
    if (this.#timer !== null || this.connection.writableLength === 0) return;
    this.#quietLooks = 0;
    this.#last = this.#progress;
    this.#arm();
  }

  stop(): void {
    this.#timer?.stop();
    this.#timer = null;
  }

  get #progress(): Progress {
    const { connection } = this;
    // As Node's own socket timeout looks at it: a large write is taken in many pieces.
    const handle: unknown = Reflect.get(connection, '_handle');
    const queued: unknown =
      typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'writeQueueSize') : 0;
    return {
      writtenBytes: connection.bytesWritten - connection.writableLength,
      queuedBytes: typeof queued === 'number' ? queued : 0,
    };
  }

  #arm(): void {
    this.#timer = new CoarseTimeout(this.limitMs / LOOKS, this.#look);
  }

  readonly #look = (): void => {
    this.#timer = null;
    if (this.connection.writableLength === 0) return;
    const before = this.#last;
    const now = this.#progress;
    this.#last = now;
    const isQuiet =
      now.writtenBytes === before.writtenBytes && now.queuedBytes === before.queuedBytes;
    this.#quietLooks = isQuiet ? this.#quietLooks + 1 : 0;
    if (this.#quietLooks < LOOKS) this.#arm();
    else this.onStalled();
  };
}
