import { Readable } from 'node:stream';
import { type AttemptFailure } from '../backends/state/attempt-failure.js';
import { type BackendState } from '../backends/state/backend-state.js';
import { type BackendUse } from '../backends/state/backend-use.js';
import { retryAfterMs } from '../backends/state/retry-after.js';
import { type Exchange } from '../exchange/exchange.js';
import { ChunkBatch } from '../exchange/reply/chunk-batch.js';
import { headerValue, isEventStream } from '../exchange/reply/reply-head.js';
import { type Reply } from '../exchange/reply/reply.js';
import { type UpstreamFlow } from '../exchange/reply/upstream-flow.js';
import { type Route } from '../exchange/route.js';
import { type Clock } from '../exchange/timing/clock.js';
import { createFirstDataEvent, type FirstDataEvent } from '../wire/sse/first-data-event.js';
import { AttemptTimer } from './attempt-timer.js';
import { hasForeignCoding, replyHeaders } from './headers.js';
import { outgoingRequest } from './outgoing-request.js';
import { ReplyBody } from './reply-body.js';
import { hadMostOf } from './time-left.js';
import { upstreamFailureOf, type UpstreamStage } from './upstream-errors.js';
import { clientError, UpstreamFailure } from './upstream-failure.js';
import {
  type UpstreamCall,
  type UpstreamClient,
  type UpstreamListener,
} from './upstream.client.js';

/** Told how an attempt went, once: it was answered, or it failed before an answer came. */
export interface AttemptListener {
  /** May cancel the attempt, which discards the rest of the reply. */
  onReply(reply: Reply, attempt: UpstreamAttempt): void;
  onFailure(failure: UpstreamFailure, attempt: UpstreamAttempt): void;
}

/** What an attempt needs, all for it alone but the clock. */
export interface AttemptParts {
  readonly exchange: Exchange;
  readonly route: Route;
  /** Told how it went, and ended with the attempt. */
  readonly use: BackendUse;
  readonly clock: Clock;
  readonly listener: AttemptListener;
}

/** The lowest status whose `Retry-After` is heeded. */
const FIRST_PAUSING_STATUS = 429;

/**
 * A connection that its backend had closed for being idle shows it within a round trip. One that
 * breaks later was open, and what it had been sent may have been carried out.
 */
const STALE_WITHIN_MS = 1000;

/** One try at carrying an exchange to one backend. */
export class UpstreamAttempt implements UpstreamListener, UpstreamFlow {
  #stage: UpstreamStage = 'connecting';
  #call: UpstreamCall | null = null;
  /** When the last byte of the request left, by the clock; null before. */
  #sentMs: number | null = null;
  #firstData: FirstDataEvent | null = null;
  #reply: Reply | null = null;
  readonly #timer: AttemptTimer;
  readonly #body: ReplyBody;
  readonly #packet = new ChunkBatch(() => {
    this.#deliver();
  });

  constructor(private readonly parts: AttemptParts) {
    const { exchange, route, clock } = parts;
    const startMs = clock.monotonicMs() - exchange.elapsedMs();
    this.#timer = new AttemptTimer(route.backend.timeouts, clock, startMs, (phase) => {
      this.#call?.cancel();
      this.onError(new UpstreamFailure('timeout', { phase }));
    });
    this.#body = new ReplyBody({
      filter: () => exchange.filter,
      witness: () => (this.#reply === null ? null : (exchange.witness?.begin(this.#reply) ?? null)),
      onRead: () => {
        this.resume();
      },
      onLeave: () => {
        this.cancel();
      },
    });
  }

  /** The backend it is at. */
  get backend(): BackendState {
    return this.parts.use.backend;
  }

  /** What is known of a failure, for whoever decides what follows from it. */
  failureOf({ kind, phase }: UpstreamFailure): AttemptFailure {
    return {
      kind,
      phase,
      wasSent: this.#stage !== 'connecting',
      wasStale: this.#call?.isReused === true && !this.#mayBeCarriedOut(),
      hasHead: this.#stage === 'replying',
    };
  }

  start(client: UpstreamClient): void {
    const { exchange, route } = this.parts;
    exchange.route = route;
    exchange.upstream = this;
    exchange.phase = 'connecting';
    exchange.facts.attempts++;
    exchange.facts.attemptStartMs = exchange.elapsedMs();
    this.#timer.begin('total');
    if (exchange.facts.stream) this.#timer.begin('first_token');
    const request = outgoingRequest(exchange, route);
    if (request.body instanceof Readable) this.#timeUpload(request.body);
    this.#call = client.send(route.backend, request, this);
  }

  pause(): void {
    this.#timer.hold();
    this.#call?.pause();
  }

  resume(): void {
    if (!this.#timer.isHeld) return;
    this.#timer.release();
    this.#call?.resume();
  }

  cancel(): void {
    this.#timer.stop();
    this.#call?.cancel();
    this.parts.use.end();
  }

  fail(error: Error): void {
    this.#timer.stop();
    this.#call?.cancel();
    this.#deliver();
    this.#body.fail(error);
    this.parts.use.end();
  }

  onStart(): void {
    this.#stage = 'sent';
    this.#timer.connected();
    this.parts.exchange.phase = 'awaiting-head';
  }

  onSent(): void {
    this.#sentMs = this.parts.clock.monotonicMs();
    this.#timer.requestSent();
  }

  onHead(status: number, rawHeaders: readonly string[]): void {
    if (hasForeignCoding(rawHeaders)) {
      this.#call?.cancel();
      this.onError(new UpstreamFailure('malformed'));
      return;
    }
    this.#stage = 'replying';
    const headers = replyHeaders(rawHeaders, status);
    this.#noteAnswer(status, headers);
    this.#timer.headCame();
    this.#timeFirstToken(headers);
    const { route, listener } = this.parts;
    this.#reply = { status, headers, body: this.#body.bytes, route };
    listener.onReply(this.#reply, this);
    if (!this.#body.hasReader) this.pause();
  }

  onChunk(chunk: Uint8Array): void {
    this.#packet.add(chunk);
  }

  onEnd(): void {
    this.#timer.stop();
    this.#deliver();
    this.#body.end();
    this.parts.use.end();
  }

  onError(error: unknown): void {
    this.#timer.stop();
    const { exchange, use, route, clock, listener } = this.parts;
    const failure = upstreamFailureOf(error, this.#stage);
    if (this.#stage !== 'replying') {
      if (this.#isOwn(failure)) use.failed(this.failureOf(failure), clock.monotonicMs());
      use.end();
      listener.onFailure(failure, this);
      return;
    }
    this.#deliver();
    this.#body.fail(clientError(failure, route.backend.name));
    // Not once the last event had come, by which the writer of the reply notes that it is complete.
    const isHeldAgainstIt = exchange.outcome !== 'completed' && this.#isOwn(failure);
    if (isHeldAgainstIt) use.failed(this.failureOf(failure), clock.monotonicMs());
    use.end();
  }

  /** Whether the backend had all of the request for longer than a closed connection takes to show. */
  #mayBeCarriedOut(): boolean {
    if (this.#sentMs === null) return false;
    return this.parts.clock.monotonicMs() - this.#sentMs >= STALE_WITHIN_MS;
  }

  #isOwn({ phase }: UpstreamFailure): boolean {
    const { exchange, route } = this.parts;
    return hadMostOf(phase, exchange.facts.attemptStartMs ?? 0, route.backend.timeouts);
  }

  #timeUpload(body: Readable): void {
    body.on('pause', () => {
      this.#timer.uploadStopped();
    });
    body.on('resume', () => {
      this.#timer.uploadContinued();
    });
  }

  #noteAnswer(status: number, headers: readonly string[]): void {
    const { use, clock } = this.parts;
    const pauseMs =
      status < FIRST_PAUSING_STATUS
        ? null
        : retryAfterMs(headerValue(headers, 'retry-after'), clock.wallMs());
    use.answered(status, pauseMs, clock.monotonicMs());
  }

  #deliver(): void {
    const bytes = this.#packet.take();
    if (bytes === null) return;
    this.#timer.bytesCame();
    if (this.#firstData?.feed(bytes) === true) {
      this.#firstData = null;
      this.#timer.end('first_token');
    }
    this.#body.push(bytes);
  }

  /** Only the head tells for sure whether the reply is a stream: no other has a first token. */
  #timeFirstToken(headers: readonly string[]): void {
    const { firstTokenMs } = this.parts.route.backend.timeouts;
    if (firstTokenMs === 0) return;
    if (!isEventStream(headers)) {
      this.#timer.end('first_token');
      return;
    }
    this.#firstData = createFirstDataEvent();
    this.#timer.begin('first_token');
  }
}
