import { type ServerResponse } from 'node:http';
import { CoarseTimeout } from '../coarse-timeout.js';

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
 * the moment its socket is full, and each byte taken begins it anew, however slowly they are taken.
 */
export class StalledReader {
  #timer: CoarseTimeout | null = null;
  #last: Progress = { writtenBytes: -1, queuedBytes: -1 };
  #quietLooks = 0;

  /** @param limitMs - to a quarter of it more; 0 waits without end */
  constructor(
    private readonly response: ServerResponse,
    private readonly limitMs: number,
    private readonly onStalled: () => void,
  ) {
    if (limitMs > 0) response.once('prefinish', this.watch).once('close', this.#stop);
  }

  /** Bytes may be waiting: looks after them until the client has all that do. */
  readonly watch = (): void => {
    if (this.limitMs === 0 || this.#timer !== null || this.#waitingBytes === 0) return;
    this.#quietLooks = 0;
    this.#last = this.#progress;
    this.#arm();
  };

  get #waitingBytes(): number {
    return this.response.req.socket.writableLength;
  }

  get #progress(): Progress {
    const { socket } = this.response.req;
    // As Node's own socket timeout looks at it: a large write is taken in many pieces.
    const handle: unknown = Reflect.get(socket, '_handle');
    const queued: unknown =
      typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'writeQueueSize') : 0;
    return {
      writtenBytes: socket.bytesWritten - socket.writableLength,
      queuedBytes: typeof queued === 'number' ? queued : 0,
    };
  }

  #arm(): void {
    this.#timer = new CoarseTimeout(this.limitMs / LOOKS, this.#look);
  }

  readonly #look = (): void => {
    this.#timer = null;
    if (this.#waitingBytes === 0) return;
    const before = this.#last;
    const now = this.#progress;
    this.#last = now;
    const isQuiet =
      now.writtenBytes === before.writtenBytes && now.queuedBytes === before.queuedBytes;
    this.#quietLooks = isQuiet ? this.#quietLooks + 1 : 0;
    if (this.#quietLooks < LOOKS) this.#arm();
    else this.onStalled();
  };

  readonly #stop = (): void => {
    this.#timer?.stop();
    this.#timer = null;
  };
}
