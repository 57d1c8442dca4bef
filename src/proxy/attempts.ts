import { type Subscriber } from 'rxjs';
import { type Clock } from '../exchange/clock.js';
import { type Exchange } from '../exchange/exchange.js';
import { type Reply } from '../exchange/reply.js';
import { type Route } from '../exchange/route.js';
import { canRepeat } from './retry.policy.js';
import { type AttemptListener, UpstreamAttempt } from './upstream-attempt.js';
import { clientError, type UpstreamFailure } from './upstream-failure.js';
import { type UpstreamClient } from './upstream.client.js';

export interface AttemptsParts {
  readonly exchange: Exchange;
  readonly client: UpstreamClient;
  readonly clock: Clock;
  /** Where the answer goes, or the error that stands for it. */
  readonly replies: Subscriber<Reply>;
}

/** The attempts at one exchange, until one is answered or none may follow. */
export class Attempts implements AttemptListener {
  #current: UpstreamAttempt | null = null;
  #isAnswered = false;

  constructor(private readonly parts: AttemptsParts) {}

  /** @param chooseRoute - may throw what the client is told. */
  start(chooseRoute: () => Route): void {
    const { exchange, client, clock, replies } = this.parts;
    if (replies.closed) return;
    try {
      this.#current = new UpstreamAttempt(exchange, chooseRoute(), clock, this);
      this.#current.start(client);
    } catch (error) {
      replies.error(error);
    }
  }

  /** Cancels what runs, as long as there is no answer. */
  cancel(): void {
    if (!this.#isAnswered) this.#current?.cancel();
  }

  onReply(reply: Reply): void {
    this.#isAnswered = true;
    this.parts.replies.next(reply);
    this.parts.replies.complete();
  }

  onFailure(failure: UpstreamFailure, { route, wasSent, wasReused }: UpstreamAttempt): void {
    const { facts, body } = this.parts.exchange;
    const { isReplayable } = body;
    if (canRepeat({ failure, attempts: facts.attempts, wasSent, wasReused, isReplayable })) {
      this.start(() => route);
    } else {
      this.parts.replies.error(clientError(failure, route.backend.name));
    }
  }
}
