import { type Transform } from 'node:stream';
import { type Subscriber } from 'rxjs';
import { ExchangeError } from '../../exchange-error.js';
import { type UpstreamFlow } from '../upstream-flow.js';
import { decoderFor } from './coding-decoders.js';

/** What a body is decoded from, how far, and who reads it. */
export interface DecodingFlowParts {
  /** One that can be decoded. */
  readonly coding: string;
  /** Most bytes that may come out. */
  readonly maxBytes: number;
  readonly upstream: UpstreamFlow | null;
  /** Who reads what comes out. */
  readonly bytes: Subscriber<Uint8Array>;
}

/**
 * Decodes a body as fast as its reader takes it: a few bytes can hold very many. It sees the body,
 * and is the valve of its upstream as well as of its decoder, which holds no more than one delivery.
 */
export class DecodingFlow implements UpstreamFlow {
  #decoder: Transform | null = null;
  /** What came while the decoder was at work; the upstream is paused then. */
  readonly #waiting: Uint8Array[] = [];
  #isBusy = false;
  #isPaused = false;
  #decodedLength = 0;
  /** Whether the upstream has no more. */
  #isOver = false;
  /** What is left to do when all that came was decoded, and was given out. */
  #ending: (() => void) | null = null;
  #failure: Error | null = null;

  constructor(private readonly parts: DecodingFlowParts) {}

  next(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#decoder ??= this.#start(chunk[0] ?? 0);
    this.#waiting.push(chunk);
    this.#feed();
    if (this.#waiting.length > 0) this.parts.upstream?.pause();
  }

  error(error: unknown): void {
    this.#endWith(() => {
      this.parts.bytes.error(error);
    });
  }

  complete(): void {
    this.#endWith(() => {
      if (this.#decoder === null) this.parts.bytes.complete();
      else this.#decoder.end();
    });
  }

  pause(): void {
    this.#isPaused = true;
    this.parts.upstream?.pause();
    this.#decoder?.pause();
    if (this.#failure !== null) this.parts.bytes.error(this.#failure);
  }

  resume(): void {
    this.#isPaused = false;
    this.#decoder?.resume();
    this.#resumeUpstream();
  }

  cancel(): void {
    this.parts.upstream?.cancel();
  }

  fail(error: Error): void {
    const isLate = this.#isOver;
    this.#failure = error;
    this.parts.upstream?.fail(error);
    // Else what has come is decoded first. Nobody waits for a reader that takes nothing.
    if (isLate || this.#isPaused) this.parts.bytes.error(error);
  }

  /** The reader has left. */
  stop(): void {
    this.#decoder?.destroy();
  }

  #start(firstByte: number): Transform | null {
    const { coding, maxBytes, bytes } = this.parts;
    const decoder = decoderFor(coding, firstByte);
    if (this.#isPaused) decoder?.pause();
    decoder?.on('data', (chunk: Buffer) => {
      this.#decodedLength += chunk.length;
      if (this.#decodedLength > maxBytes) {
        this.#fail(`the backend's compressed reply holds more than ${maxBytes} bytes`);
        return;
      }
      bytes.next(chunk);
      this.#end();
    });
    decoder?.on('end', () => {
      bytes.complete();
    });
    decoder?.on('error', (error) => {
      this.#fail("the backend's compressed reply is malformed", error);
    });
    return decoder;
  }

  #fail(message: string, cause?: unknown): void {
    this.parts.bytes.error(new ExchangeError('upstream_protocol', message, { cause }));
  }

  #endWith(ending: () => void): void {
    this.#isOver = true;
    this.#ending = ending;
    this.#end();
  }

  #feed(): void {
    if (this.#isBusy) return;
    const chunk = this.#waiting.shift();
    if (chunk === undefined) return;
    this.#isBusy = true;
    this.#decoder?.write(chunk, this.#onTaken);
  }

  readonly #onTaken = (error: Error | null | undefined): void => {
    if (error) return;
    this.#isBusy = false;
    this.#feed();
    this.#resumeUpstream();
    this.#end();
  };

  #resumeUpstream(): void {
    if (!this.#isPaused && this.#waiting.length === 0) this.parts.upstream?.resume();
  }

  #end(): void {
    const isIdle = !this.#isBusy && this.#waiting.length === 0;
    if (!isIdle || (this.#decoder?.readableLength ?? 0) > 0) return;
    const ending = this.#ending;
    this.#ending = null;
    ending?.();
  }
}
