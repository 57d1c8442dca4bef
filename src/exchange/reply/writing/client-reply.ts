import { type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';
import { closeBehind, noteClosing } from '../../connection/closing-connections.js';
import { type ExchangeError } from '../../exchange-error.js';
import { type Exchange } from '../../exchange.js';
import { headerValue } from '../reply-head.js';
import { type RawHeaders } from '../reply.js';
import { clientHeaders } from './client-headers.js';
import { StalledReader } from './stalled-reader.js';
import { cutVisibly } from './visible-cut.js';

/** How long a reply waits for its client, and whether its connection stays. */
export interface ClientReplyOptions {
  /** Longest wait for a client that takes nothing of what waits for it, in milliseconds; 0 none. */
  readonly stalledReaderMs: number;
  /** Whether the connection closes after this reply, asked when its head leaves. */
  readonly mustClose: () => boolean;
}

/** The reply as it leaves for the client: counts what does, and looks after one that does not read. */
export class ClientReply {
  #mustClose = false;
  #isOver = false;
  #isWatchDue = false;
  /** Made once the client was slow. */
  #reader: StalledReader | null = null;

  constructor(
    private readonly exchange: Exchange,
    private readonly response: ServerResponse,
    private readonly options: ClientReplyOptions,
  ) {}

  get connection(): Socket {
    return this.response.req.socket;
  }

  /** Whether the request has come whole. */
  get hasRequest(): boolean {
    return this.response.req.complete;
  }

  get hasHead(): boolean {
    return this.response.headersSent;
  }

  /** Whether nothing can reach the client any more. A cut connection ends its reply only later. */
  get isGone(): boolean {
    return this.response.destroyed || this.response.socket?.destroyed === true;
  }

  /** @param headers - those of the reply, to which Sluice's own are added */
  writeHead(status: number, headers: RawHeaders): void {
    this.exchange.facts.status = status;
    const fields = clientHeaders(this.exchange, headers);
    const mustClose = this.#mustClose || this.options.mustClose();
    if (mustClose && headerValue(fields, 'connection') === null) {
      fields.push('Connection', 'close');
    }
    this.response.writeHead(status, fields);
  }

  /** @returns whether more may follow at once; else {@link ServerResponse} says `drain` when it may */
  write(chunk: Uint8Array): boolean {
    this.#count(chunk);
    const isRoomLeft = this.response.write(chunk);
    if (!isRoomLeft) this.#watchReader();
    return isRoomLeft;
  }

  end(last: Uint8Array | null): void {
    if (last !== null) this.#count(last);
    this.response.end(last);
    this.#watchReader();
  }

  /** Answers with an error in place of a reply: nothing has left yet. */
  fail(failure: ExchangeError): void {
    const body = Buffer.from(failure.toBody());
    if (failure.headers.connection === 'close') noteClosing(this.connection);
    this.writeHead(failure.status, [
      ...['content-type', 'application/json', 'content-length', `${body.length}`],
      ...Object.entries(failure.headers).flat(),
    ]);
    this.end(body);
  }

  /** Breaks off, so that the client sees it. */
  cut(): void {
    cutVisibly(this.response);
  }

  /** Has the connection closed behind it. */
  closeBehind(): void {
    this.#mustClose = true;
    if (this.hasHead) closeBehind(this.response);
  }

  /** It is over. */
  stop(): void {
    this.#isOver = true;
    this.#reader?.stop();
  }

  #count(chunk: Uint8Array): void {
    // RFC 9110 §9.3.2: the body stays here.
    if (this.exchange.method === 'HEAD') return;
    const { facts } = this.exchange;
    facts.firstByteMs ??= this.exchange.elapsedMs();
    facts.bytesOut += chunk.length;
  }

  /** Watches whether the client reads, a moment later: with TLS the socket takes only then what it can. */
  #watchReader(): void {
    if (this.options.stalledReaderMs === 0 || this.#isWatchDue) return;
    if (this.response.socket === null) {
      // A reply before it on the same connection is still running: it gets the socket later.
      this.#isWatchDue = true;
      this.response.once('socket', this.#watchSoon);
    } else if (this.connection.writableLength > 0) {
      this.#isWatchDue = true;
      this.#watchSoon();
    }
  }

  readonly #watchSoon = (): void => {
    setImmediate(this.#watch);
  };

  readonly #watch = (): void => {
    this.#isWatchDue = false;
    if (this.#isOver || this.connection.writableLength === 0) return;
    const { stalledReaderMs } = this.options;
    this.#reader ??= new StalledReader(this.connection, stalledReaderMs, this.#onStalled);
    this.#reader.watch();
  };

  readonly #onStalled = (): void => {
    this.exchange.outcome ??= 'client_aborted';
    this.cut();
  };
}
