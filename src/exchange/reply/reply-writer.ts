import { type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';
import { type Observable, Subscription } from 'rxjs';
import { WithoutBom } from '../../wire/byte-order-mark.js';
import { noteClosing } from '../connection/closing-connections.js';
import { clientErrorOf, outcomeOf } from '../error-ending.js';
import { ExchangeError } from '../exchange-error.js';
import { type Exchange } from '../exchange.js';
import { OF_THE_BYTES, withoutHeaders } from '../header-fields.js';
import { type Clock } from '../timing/clock.js';
import { ChunkBatch } from './chunk-batch.js';
import { ClientReply, type ClientReplyOptions } from './client-reply.js';
import { errorLines } from './error-lines.js';
import { KEEPALIVE_COMMENT, KEEPALIVE_LINE, Keepalive } from './keepalive.js';
import { codingIn, isEventStream } from './reply-head.js';
import { type Reply } from './reply.js';
import { type RunningReply } from './running-replies.js';
import { StreamEnd } from './stream-end.js';
import { wasReceivedWhole } from './whole-reply.js';

const NOTHING = new Uint8Array(0);

export interface ReplyWriterOptions extends ClientReplyOptions {
  readonly clock: Clock;
  /** Milliseconds of silence after which an event stream gets a comment; 0 never. */
  readonly keepaliveMs: number;
  /** Called once, when nothing more can reach the client. */
  readonly onClosed: () => void;
  /** Told of errors that are no {@link ExchangeError}: mistakes of ours. */
  readonly onFault: (error: unknown) => void;
}

/**
 * Writes one reply: status, header fields, chunks, back-pressure, errors, cancellation. Nobody but it
 * and its {@link ClientReply} touches the response.
 */
export class ReplyWriter implements RunningReply {
  readonly #subscription = new Subscription();
  #reply: Reply | null = null;
  /** Of an event stream that comments and errors can be added to; null for any other reply. */
  #streamEnd: StreamEnd | null = null;
  #keepalive: Keepalive | null = null;
  /** Where a comment came first: a byte order mark behind it would be part of a line. */
  #withoutMark: WithoutBom | null = null;
  #isEnding = false;
  /** The client does not keep up. */
  #isPaused = false;
  readonly #client: ClientReply;
  /** The head leaves with the chunks that came in the same tick. */
  readonly #pending = new ChunkBatch(() => {
    this.#flush();
  });

  constructor(
    private readonly exchange: Exchange,
    private readonly response: ServerResponse,
    private readonly options: ReplyWriterOptions,
  ) {
    this.#client = new ClientReply(exchange, response, options);
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
    return this.#client.connection;
  }

  get hasRequest(): boolean {
    return this.#client.hasRequest;
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

  lose(): void {
    this.#onClose();
  }

  closeBehind(): void {
    this.#client.closeBehind();
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
    const chunk = this.#take();
    // Not `flushHeaders`, which writes the bytes of field values as UTF-8.
    if (chunk === null) this.response.write(NOTHING);
    else this.#write(chunk);
  }

  #end(): void {
    if (this.#isEnding || this.response.destroyed) return;
    this.#isEnding = true;
    this.#keepalive?.stop();
    this.#writeHead();
    this.#client.end(this.#take());
  }

  #writeHead(): void {
    if (this.#client.hasHead || this.#reply === null) return;
    const { status, headers } = this.#reply;
    // What is added may make it longer than its backend says.
    const own = this.#streamEnd === null ? headers : withoutHeaders(headers, OF_THE_BYTES);
    this.#client.writeHead(status, own);
  }

  /** What has come and may leave; null when nothing does. */
  #take(): Uint8Array | null {
    const chunk = this.#pending.take();
    if (chunk === null || this.#withoutMark === null) return chunk;
    const rest = this.#withoutMark.feed(chunk);
    return rest.length === 0 ? null : rest;
  }

  #write(chunk: Uint8Array): void {
    this.#streamEnd?.add(chunk);
    this.#keepalive?.touch();
    if (this.#client.write(chunk) || this.#isPaused) return;
    this.#isPaused = true;
    this.exchange.pause();
    this.response.once('drain', this.#onDrain);
  }

  readonly #onDrain = (): void => {
    this.#isPaused = false;
    this.exchange.resume();
  };

  readonly #onSilence = (): void => {
    if (this.#isEnding || this.response.writableNeedDrain) return;
    const comment = this.#streamEnd === null ? null : keepaliveAt(this.#streamEnd);
    if (comment === null) return;
    const { facts } = this.exchange;
    if (facts.firstByteMs === null) this.#withoutMark ??= new WithoutBom();
    facts.bytesOut += comment.length;
    this.response.write(comment);
  };

  #fail(error: unknown): void {
    if (this.#isEnding || this.#client.isGone) return;
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
    if (!this.#client.hasHead) this.#answer(failure);
    else if (this.#streamEnd !== null) this.#endStream(failure, this.#streamEnd);
    else this.#client.cut();
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
    if (failure.headers.connection === 'close') noteClosing(this.connection);
    this.#client.writeHead(failure.status, [
      ...['content-type', 'application/json', 'content-length', `${body.length}`],
      ...Object.entries(failure.headers).flat(),
    ]);
    this.#client.end(body);
  }

  /** What came before it leaves, then one event, without `[DONE]`: no client takes it for the end. */
  #endStream(failure: ExchangeError, end: StreamEnd): void {
    const rest = this.#take();
    if (rest !== null) this.#write(rest);
    this.#client.end(end.eventOf(errorLines(this.exchange.path, failure)));
  }

  readonly #onClose = (): void => {
    const { response, exchange } = this;
    const hasAll = wasReceivedWhole(response, this.#streamEnd);
    exchange.outcome ??= hasAll ? 'completed' : 'client_aborted';
    response.off('close', this.#onClose).off('drain', this.#onDrain);
    this.#isEnding = true;
    this.#keepalive?.stop();
    this.#client.stop();
    this.#subscription.unsubscribe();
    this.options.onClosed();
  };
}

/** Whether the reply is an event stream as it is read: within a content coding nothing can be added. */
function mayBeAddedTo({ method }: Exchange, { headers }: Reply): boolean {
  if (method === 'HEAD' || !isEventStream(headers)) return false;
  return codingIn(headers) === null;
}

/** The comment that can follow where a stream stands; null when none can. */
function keepaliveAt(end: StreamEnd): Buffer | null {
  if (end.isBetweenEvents && !end.hasIds) return KEEPALIVE_COMMENT;
  // Within an event too: fields that an event left which vanished begin the next one, for minutes.
  return end.isBetweenLines ? KEEPALIVE_LINE : null;
}
