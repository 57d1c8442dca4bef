import { type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { ExchangeError } from '../exchange-error.js';
import { CoarseTimeout } from '../timing/coarse-timeout.js';

/** How long an upload may stall, and what of it was read before. */
export interface UploadOptions {
  /** Longest wait for the client's next bytes; waiting for the backend does not count. */
  readonly stallMs: number;
  /** What of it was read for an attempt before, which goes first. */
  readonly begun: readonly Buffer[];
  readonly onChunk: (chunk: Buffer) => void;
}

/**
 * A request body on its way to a backend, in constant memory: the client is read as fast as the
 * backend takes it. Fails with an {@link ExchangeError} when the client stalls (`request_timeout`)
 * or leaves before the end (`bad_request`).
 */
export class UploadStream extends Readable {
  #stall: CoarseTimeout | null = null;
  /** Let go of once it was given to the reader, since it may be long. */
  #begun: readonly Buffer[];
  readonly #stallMs: number;
  readonly #onChunk: (chunk: Buffer) => void;

  constructor(
    private readonly incoming: IncomingMessage,
    { stallMs, begun, onChunk }: UploadOptions,
  ) {
    super();
    this.#begun = begun;
    this.#stallMs = stallMs;
    this.#onChunk = onChunk;
    // Listening to data would start the flow before the backend asks for it.
    incoming.pause();
    incoming.on('data', this.#onData).on('end', this.#onEnd).on('close', this.#onClose);
  }

  override _read(): void {
    this.#begin();
    if (this.incoming.readableEnded) {
      this.push(null);
      return;
    }
    if (this.incoming.destroyed) {
      this.#onClose();
      return;
    }
    this.#stall ??= new CoarseTimeout(this.#stallMs, this.#onStall);
    this.incoming.resume();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#stopWaiting();
    this.incoming.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onClose);
    // The rest is for the next reader, or is let go.
    this.incoming.pause();
    callback(error);
  }

  #begin(): void {
    const begun = this.#begun;
    this.#begun = [];
    for (const chunk of begun) this.push(chunk);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#onChunk(chunk);
    if (this.push(chunk)) {
      this.#stall?.refresh();
      return;
    }
    this.#stopWaiting();
    this.incoming.pause();
  };

  readonly #onEnd = (): void => {
    this.#stopWaiting();
    this.push(null);
  };

  readonly #onClose = (): void => {
    if (this.incoming.readableEnded) return;
    this.destroy(new ExchangeError('bad_request', 'the request body ended before its time'));
  };

  readonly #onStall = (): void => {
    this.destroy(stalledBody(this.#stallMs));
  };

  #stopWaiting(): void {
    this.#stall?.stop();
    this.#stall = null;
  }
}

/** The error of a body whose next bytes did not come in time. */
export function stalledBody(stallMs: number): ExchangeError {
  const message = `the request body stalled for ${stallMs / 1000} s`;
  return new ExchangeError('request_timeout', message, { headers: { connection: 'close' } });
}
