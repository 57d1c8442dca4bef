import { ChunkBatch } from '../exchange/chunk-batch.js';
import { type Clock } from '../exchange/clock.js';
import { type Exchange } from '../exchange/exchange.js';
import { isEventStream } from '../exchange/reply-head.js';
import { type Reply } from '../exchange/reply.js';
import { type Route } from '../exchange/route.js';
import { type UpstreamFlow } from '../exchange/upstream-flow.js';
import { AttemptTimer } from './attempt-timer.js';
import { createFirstDataEvent, type FirstDataEvent } from './first-data-event.js';
import { replyHeaders } from './headers.js';
import { outgoingRequest } from './outgoing-request.js';
import { ReplyBody } from './reply-body.js';
import { upstreamFailureOf, type UpstreamStage } from './upstream-errors.js';
import { clientError, UpstreamFailure } from './upstream-failure.js';
import {
  type UpstreamCall,
  type UpstreamClient,
  type UpstreamListener,
} from './upstream.client.js';

/** Told how an attempt went, once: it was answered, or it failed before an answer came. */
export interface AttemptListener {
  onReply(reply: Reply): void;
  onFailure(failure: UpstreamFailure, attempt: UpstreamAttempt): void;
}

/** One try at carrying an exchange to one backend. */
export class UpstreamAttempt implements UpstreamListener, UpstreamFlow {
  #stage: UpstreamStage = 'connecting';
  #call: UpstreamCall | null = null;
  #firstData: FirstDataEvent | null = null;
  #isPaused = false;
  readonly #timer: AttemptTimer;
  readonly #body: ReplyBody;
  readonly #packet = new ChunkBatch(() => {
    this.#deliver();
  });

  constructor(
    private readonly exchange: Exchange,
    readonly route: Route,
    clock: Clock,
    private readonly listener: AttemptListener,
  ) {
    this.#timer = new AttemptTimer(route.backend.timeouts, clock, (phase) => {
      this.#call?.cancel();
      this.onError(new UpstreamFailure('timeout', { phase }));
    });
    this.#body = new ReplyBody(
      () => {
        this.resume();
      },
      () => {
        this.cancel();
      },
    );
  }

  /** Whether bytes of the request went out. */
  get wasSent(): boolean {
    return this.#stage !== 'connecting';
  }

  /** Whether it used a connection that had served before. */
  get wasReused(): boolean {
    return this.#call?.isReused === true;
  }

  start(client: UpstreamClient): void {
    const { exchange, route } = this;
    exchange.route = route;
    exchange.upstream = this;
    exchange.phase = 'connecting';
    exchange.facts.attempts++;
    this.#timer.begin('total');
    if (exchange.facts.stream) this.#timer.begin('first_token');
    this.#call = client.send(route.backend, outgoingRequest(exchange, route), this);
  }

  pause(): void {
    this.#isPaused = true;
    // Silence that the client imposes is not the backend's.
    this.#timer.end('idle');
    this.#call?.pause();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#timer.begin('idle');
    this.#call?.resume();
  }

  cancel(): void {
    this.#timer.stop();
    this.#call?.cancel();
  }

  onStart(): void {
    this.#stage = 'sent';
    this.exchange.phase = 'awaiting-head';
  }

  onSent(): void {
    if (this.#stage === 'sent') this.#timer.begin('headers');
  }

  onHead(status: number, rawHeaders: readonly string[]): void {
    this.#stage = 'replying';
    const headers = replyHeaders(rawHeaders, status);
    this.#timer.end('headers');
    this.#timer.begin('idle');
    this.#timeFirstToken(headers);
    const { route } = this;
    this.listener.onReply({ status, headers, body: this.#body.bytes, route });
    if (!this.#body.hasReader) this.pause();
  }

  onChunk(chunk: Uint8Array): void {
    this.#packet.add(chunk);
  }

  onEnd(): void {
    this.#timer.stop();
    this.#deliver();
    this.#body.end();
  }

  onError(error: unknown): void {
    this.#timer.stop();
    const failure = upstreamFailureOf(error, this.#stage);
    if (this.#stage !== 'replying') {
      this.listener.onFailure(failure, this);
      return;
    }
    this.#deliver();
    this.#body.fail(clientError(failure, this.route.backend.name));
  }

  #deliver(): void {
    const bytes = this.#packet.take();
    if (bytes === null) return;
    if (!this.#isPaused) this.#timer.begin('idle');
    if (this.#firstData?.feed(bytes) === true) {
      this.#firstData = null;
      this.#timer.end('first_token');
    }
    this.#body.push(bytes);
  }

  /** Known to be a stream only now, unless the client asked for one. */
  #timeFirstToken(headers: readonly string[]): void {
    const { firstTokenMs } = this.route.backend.timeouts;
    if (firstTokenMs === 0) return;
    if (!isEventStream(headers)) {
      this.#timer.end('first_token');
      return;
    }
    this.#firstData = createFirstDataEvent();
    this.#timer.begin('first_token', 'start');
  }
}
