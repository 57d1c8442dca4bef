import { type IncomingMessage } from 'node:http';
import { type Readable } from 'node:stream';
import { type LimitsConfig } from '../../config/typed/settings-config.js';
import { JsonTextError, parseRequestJson } from '../../wire/json/request-json.js';
import { ExchangeError } from '../exchange-error.js';
import { codingOf } from '../reply/reply-head.js';
import { bodyTooLarge, collectBody } from './body-collector.js';
import { UploadStream } from './upload-stream.js';

/**
 * An upload of no more bytes is kept while it is sent, so that it can be sent once more: the kept-alive
 * connection it went out on may turn out to have been closed for being idle, which is chance.
 */
const MAX_KEPT_BYTES = 65_536;

/**
 * The body of a request: streamed to the backend untouched, or read once into memory where its
 * JSON matters. Whichever comes first decides; a body that was read can be sent any number of times.
 */
export class RequestBody {
  /** Bytes that came from the client so far. */
  bytesRead = 0;
  /** The whole body, once it was read. */
  buffered: Buffer | null = null;
  /** No body was announced. */
  readonly isEmpty: boolean;
  /** As the client announced it; null when it comes in chunks of unknown number. */
  readonly announcedBytes: number | null;
  #isWanted = false;
  #collecting: Promise<Buffer | null> | null = null;
  #json: Promise<unknown> | null = null;
  #stream: Readable | null = null;
  /** All that was streamed, so that it can be sent once more; null once that is too much to keep. */
  #kept: Buffer[] | null = [];

  /** @param onWanted - called once before the first byte is read, to send `100 Continue`. */
  constructor(
    private readonly incoming: IncomingMessage,
    private readonly limits: Pick<LimitsConfig, 'maxBodyBytes' | 'requestMs'>,
    private readonly onWanted: () => void,
  ) {
    const length = incoming.headers['content-length'];
    const isChunked = incoming.headers['transfer-encoding'] !== undefined;
    this.announcedBytes = isChunked || length === undefined ? null : Number(length);
    this.isEmpty = !isChunked && (length === undefined || length === '0');
  }

  /** Whether it can be sent once more: nothing of it was streamed away and not kept. */
  get isReplayable(): boolean {
    return this.isEmpty || this.buffered !== null || this.#kept !== null;
  }

  /** Whether there is a body that was announced to have no more bytes than that. */
  isAnnouncedWithin(maxBytes: number): boolean {
    return !this.isEmpty && this.announcedBytes !== null && this.announcedBytes <= maxBytes;
  }

  /**
   * Reads it whole, once, unless it is larger than `limits.body_bytes`: then it can still be
   * streamed, which begins with what was read of it.
   *
   * @returns null when it is larger
   * @throws ExchangeError `request_timeout` and `bad_request`, as {@link read} does.
   */
  readUnlessTooLarge(): Promise<Buffer | null> {
    this.#collecting ??= this.#collect();
    return this.#collecting;
  }

  /**
   * Reads it whole, once.
   *
   * @throws ExchangeError `body_too_large` above `limits.body_bytes`, `request_timeout` when it
   * stalls for `limits.request_seconds`, `bad_request` when the client leaves.
   */
  async read(): Promise<Buffer> {
    const bytes = await this.readUnlessTooLarge();
    if (bytes === null) throw bodyTooLarge(this.limits.maxBodyBytes);
    return bytes;
  }

  /**
   * Reads it whole, as JSON.
   *
   * @throws ExchangeError `invalid_json` when it is not, and what {@link read} throws.
   */
  json(): Promise<unknown> {
    this.#json ??= this.read().then((bytes) => parsedJson(bytes, this.#coding));
    return this.#json;
  }

  /** Its bytes as they come, for one reader at a time; for another while it {@link isReplayable}. */
  stream(): Readable {
    this.#want();
    this.#stream?.destroy();
    this.#stream = new UploadStream(this.incoming, {
      stallMs: this.limits.requestMs,
      begun: this.#kept ?? [],
      onChunk: (chunk) => {
        this.#count(chunk.length);
        if (this.bytesRead > MAX_KEPT_BYTES) this.#kept = null;
        this.#kept?.push(chunk);
      },
    });
    return this.#stream;
  }

  /**
   * Discards what was not read, so that the connection can serve its next request. A client that
   * goes on sending for longer than `limits.request_seconds` loses the connection.
   */
  release(): void {
    this.#stream?.destroy();
    const { incoming } = this;
    if (this.isEmpty || incoming.readableEnded || incoming.destroyed) return;
    incoming.resume();
    if (incoming.complete) return;
    const { socket } = incoming;
    const cut = setTimeout(() => socket.destroy(), this.limits.requestMs);
    const isOver = (): void => {
      clearTimeout(cut);
      incoming.off('end', isOver);
      socket.off('close', isOver);
    };
    // After its reply the request no longer hears of its connection.
    incoming.once('end', isOver);
    socket.once('close', isOver);
  }

  async #collect(): Promise<Buffer | null> {
    const { maxBodyBytes, requestMs } = this.limits;
    if (this.announcedBytes !== null && this.announcedBytes > maxBodyBytes) return null;
    this.#want();
    const { chunks, bytes, isWhole } = await collectBody(this.incoming, {
      maxBytes: maxBodyBytes,
      stallMs: requestMs,
      onBytes: this.#count,
    });
    if (!isWhole) {
      this.#kept = chunks;
      return null;
    }
    const [only] = chunks;
    this.buffered = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, bytes);
    return this.buffered;
  }

  #want(): void {
    if (this.#isWanted) return;
    this.#isWanted = true;
    this.onWanted();
  }

  /** The content coding the client names; null for none. */
  get #coding(): string | null {
    return codingOf(this.incoming.headers['content-encoding'] ?? null);
  }

  readonly #count = (bytes: number): void => {
    this.bytesRead += bytes;
  };
}

function parsedJson(bytes: Buffer, coding: string | null): unknown {
  try {
    return parseRequestJson(bytes);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    const message =
      coding === null
        ? `the request ${error.message}`
        : `the request body is in the content coding '${coding}', and is read without one only`;
    throw new ExchangeError('invalid_json', message, { cause: error });
  }
}
