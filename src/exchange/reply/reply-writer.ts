import { type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';
import { type Observable, Subscription } from 'rxjs';
import { ChunkBatch } from './chunk-batch.js';
import { type Clock } from '../clock.js';
import { noteClosing } from '../closing-connections.js';
import { ExchangeError } from '../exchange-error.js';
import { type Exchange } from '../exchange.js';
import { clientErrorOf, outcomeOf } from '../error-ending.js';
import { OF_THE_BYTES, withoutHeaders } from '../header-fields.js';
import { KEEPALIVE_COMMENT, Keepalive } from './keepalive.js';
import { clientHeaders, codingOf, headerValue, isEventStream } from './reply-head.js';
import { type Reply } from './reply.js';
import { type RunningReply } from './running-replies.js';
import { StreamEnd } from './stream-end.js';
import { StalledReader } from './stalled-reader.js';
import { cutVisibly } from './visible-cut.js';
import { wasReceivedWhole } from './whole-reply.js';

export interface ReplyWriterOptions {
  readonly clock: Clock;
  /** Milliseconds of silence after which an event stream gets a comment; 0 never. */
  readonly keepaliveMs: number;
  /** Longest wait for a client that takes nothing of what waits for it, in milliseconds; 0 none. */
  readonly stalledReaderMs: number;
  /** Whether the connection closes after this reply, asked when its head leaves. */
  readonly mustClose: () => boolean;
  /** Called once, when nothing more can reach the client. */
  readonly onClosed: () => void;
  /** Told of errors that are no {@link ExchangeError}: mistakes of ours. */
  readonly onFault: (error: unknown) => void;
}

/**
 * Writes one reply: status, header fields, chunks, back-pressure, errors, cancellation. Nobody else
 * touches the response.
 */
export class ReplyWriter implements RunningReply {
  readonly #subscription = new Subscription();
  #reply: Reply | null = null;
  /** Of an event stream that comments and errors can be added to; null for any other reply. */
  #streamEnd: StreamEnd | null = null;
  #keepalive: Keepalive | null = null;
  #isEnding = false;
  #mustClose = false;
  /** Looked after once it has been slow. */
  #reader: StalledReader | null = null;
  /** The head leaves with the chunks that came in the same tick. */
  readonly #pending = new ChunkBatch(() => {
    this.#flush();
  });

  constructor(
    private readonly exchange: Exchange,
    private readonly response: ServerResponse,
    private readonly options: ReplyWriterOptions,
  ) {
    response.once('close', this.#onClose);
  }

  /** Follows the one reply of `replies` to its end. */
  follow(replies: Observable<Reply>): void {
    this.#subscription.add(
      replies.subscribe({
        next: (reply) => {
          this.#begin(reply);
        },
        error: (error: unknown) => {
          this.#fail(error);
        },
        complete: () => {
          if (this.#reply === null) this.#fail(new Error('the exchange ended without a reply'));
        },
      }),
    );
  }

  get connection(): Socket {
    return this.response.req.socket;
  }

  get hasRequest(): boolean {
    return this.response.req.complete;
  }

  get isUpstream(): boolean {
    return this.exchange.upstream !== null;
  }

  abandon(error: ExchangeError): void {
    const { upstream } = this.exchange;
    if (this.#reply !== null && upstream !== null) {
      // By way of those who rewrite the reply, so that what they hold of it leaves too.
      upstream.fail(error);
      return;
    }
    this.#subscription.unsubscribe();
    this.#fail(error);
  }

  closeBehind(): void {
    this.#mustClose = true;
    if (!this.response.headersSent) return;
    this.response.once('finish', () => {
      this.connection.destroySoon();
    });
  }

  #begin(reply: Reply): void {
    this.#reply = reply;
    if (mayBeAddedTo(this.exchange, reply)) this.#streamEnd = new StreamEnd();
    this.exchange.phase = 'streaming';
    this.exchange.facts.headersMs = this.exchange.elapsedMs();
    this.#pending.schedule();
    const { keepaliveMs, clock } = this.options;
    if (this.#streamEnd !== null && keepaliveMs > 0) {
      this.#keepalive = new Keepalive(keepaliveMs, clock, this.#onSilence);
    }
    const body = reply.body.subscribe({
      next: (chunk) => {
        this.#pending.add(chunk);
      },
      error: (error: unknown) => {
        this.#fail(error);
      },
      complete: () => {
        this.#end();
      },
    });
    this.#subscription.add(body);
  }

  #flush(): void {
    if (this.#isEnding || this.response.destroyed) return;
    this.#writeHead();
    const chunk = this.#pending.take();
    if (chunk === null) this.response.flushHeaders();
    else this.#write(chunk);
  }

  #end(): void {
    if (this.#isEnding || this.response.destroyed) return;
    this.#isEnding = true;
    this.#keepalive?.stop();
    this.#writeHead();
    const last = this.#pending.take();
    if (last !== null) this.#count(last);
    this.response.end(last);
    this.#watchReader();
  }

  #writeHead(): void {
    const { response } = this;
    if (response.headersSent || this.#reply === null) return;
    const { status, headers } = this.#reply;
    // What is added may make it longer than its backend says.
    const own = this.#streamEnd === null ? headers : withoutHeaders(headers, OF_THE_BYTES);
    this.#send(status, clientHeaders(this.exchange, own));
  }

  #send(status: number, headers: string[]): void {
    this.exchange.facts.status = status;
    const mustClose = this.#mustClose || this.options.mustClose();
    if (mustClose && headerValue(headers, 'connection') === null) {
      headers.push('Connection', 'close');
    }
    this.response.writeHead(status, headers);
  }

  #write(chunk: Uint8Array): void {
    this.#count(chunk);
    this.#streamEnd?.add(chunk);
    this.#keepalive?.touch();
    if (this.response.write(chunk)) return;
    this.exchange.pause();
    this.response.once('drain', this.#onDrain);
    this.#watchReader();
  }

  #count(chunk: Uint8Array): void {
    // RFC 9110 §9.3.2: the body stays here.
    if (this.exchange.method === 'HEAD') return;
    const { facts } = this.exchange;
    facts.firstByteMs ??= this.exchange.elapsedMs();
    facts.bytesOut += chunk.length;
  }

  readonly #onDrain = (): void => {
    this.exchange.resume();
  };

  readonly #onStalled = (): void => {
    this.exchange.outcome ??= 'client_aborted';
    cutVisibly(this.response);
  };

  readonly #onSilence = (): void => {
    if (this.#isEnding || this.response.writableNeedDrain) return;
    if (this.#streamEnd?.isBetweenEvents !== true) return;
    this.exchange.facts.bytesOut += KEEPALIVE_COMMENT.length;
    this.response.write(KEEPALIVE_COMMENT);
  };

  #fail(error: unknown): void {
    if (this.#isEnding || this.#isGone) return;
    if (this.#isOver()) {
      // What a backend does behind the last event is nothing to its client.
      this.exchange.outcome ??= 'completed';
      this.#end();
      return;
    }
    if (!(error instanceof ExchangeError)) this.options.onFault(error);
    const failure = clientErrorOf(error);
    const { exchange } = this;
    exchange.outcome ??= outcomeOf(failure);
    exchange.facts.errorCode = failure.code;
    this.#isEnding = true;
    this.#keepalive?.stop();
    if (!this.response.headersSent) this.#answer(failure);
    else if (this.#streamEnd !== null) this.#endStream(failure, this.#streamEnd);
    else cutVisibly(this.response);
  }

  /** A connection that was cut ends its reply only later. */
  get #isGone(): boolean {
    return this.response.destroyed || this.response.socket?.destroyed === true;
  }

  /** Whether all of a stream has come, though its end has not. */
  #isOver(): boolean {
    if (this.#streamEnd === null) return false;
    const rest = this.#pending.take();
    if (rest === null) return this.#streamEnd.isReached;
    this.#pending.add(rest);
    return this.#streamEnd.isReachedWith(rest);
  }

  #answer(failure: ExchangeError): void {
    const body = Buffer.from(failure.toBody());
    if (failure.headers.connection === 'close') noteClosing(this.response.req.socket);
    const headers = [
      ...['content-type', 'application/json', 'content-length', `${body.length}`],
      ...Object.entries(failure.headers).flat(),
    ];
    this.#send(failure.status, clientHeaders(this.exchange, headers));
    this.#count(body);
    this.response.end(body);
    this.#watchReader();
  }

  /** What came before it leaves, then one event, without `[DONE]`: no client takes it for the end. */
  #endStream(failure: ExchangeError, end: StreamEnd): void {
    const rest = this.#pending.take();
    if (rest !== null) this.#write(rest);
    const last = end.eventOf(failure.toBody());
    this.#count(last);
    this.response.end(last);
    this.#watchReader();
  }

  /** Bytes may be waiting for the client: hardly any wait at all. */
  #watchReader(): void {
    const { stalledReaderMs } = this.options;
    if (stalledReaderMs === 0 || this.connection.writableLength === 0) return;
    this.#reader ??= new StalledReader(this.connection, stalledReaderMs, this.#onStalled);
    this.#reader.watch();
  }

  readonly #onClose = (): void => {
    const { response, exchange } = this;
    const hasAll = wasReceivedWhole(response, this.#streamEnd);
    exchange.outcome ??= hasAll ? 'completed' : 'client_aborted';
    response.off('close', this.#onClose).off('drain', this.#onDrain);
    this.#isEnding = true;
    this.#keepalive?.stop();
    this.#reader?.stop();
    this.#subscription.unsubscribe();
    this.options.onClosed();
  };
}

/** Whether the reply is an event stream as it is read: within a content coding nothing can be added. */
function mayBeAddedTo({ method }: Exchange, { headers }: Reply): boolean {
  if (method === 'HEAD' || !isEventStream(headers)) return false;
  return codingOf(headerValue(headers, 'content-encoding')) === null;
}
