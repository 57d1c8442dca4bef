import { Injectable } from '@nestjs/common';
import { Observable, type Subscriber } from 'rxjs';
import { BackendRegistry } from '../backends/backend-registry.js';
import { Retries } from '../backends/retrying/retries.js';
import { WaitingRoom } from '../backends/waiting/waiting-room.js';
import { type ExchangeHandler } from '../exchange/exchange-handler.js';
import { type Exchange } from '../exchange/exchange.js';
import { type Reply } from '../exchange/reply/reply.js';
import { Clock } from '../exchange/timing/clock.js';
import { Attempts } from './attempts.js';
import { mustBeRead } from './request-needs.js';
import { routePlanOf } from './route-plan.js';
import { UpstreamClient } from './upstream.client.js';

/** Carries an exchange to a backend and the answer back, byte for byte. */
@Injectable()
export class Forwarder implements ExchangeHandler {
  constructor(
    private readonly registry: BackendRegistry,
    private readonly client: UpstreamClient,
    private readonly retries: Retries,
    private readonly room: WaitingRoom,
    private readonly clock: Clock,
  ) {}

  handle(exchange: Exchange): Observable<Reply> {
    // One stream from the request to the reply: each one more would cost as much as a small reply.
    return new Observable((replies) => {
      let attempts: Attempts | null = null;
      if (mustBeRead(exchange, this.registry.dependsOnJson)) {
        exchange.phase = 'reading';
        exchange.body.json().then(
          (body) => {
            if (!replies.closed) attempts = this.#attempts(exchange, body, replies);
          },
          (error: unknown) => {
            replies.error(error);
          },
        );
      } else {
        attempts = this.#attempts(exchange, undefined, replies);
      }
      return () => {
        attempts?.cancel();
      };
    });
  }

  /** @returns null when the request asks for what nobody serves, and was told so. */
  #attempts(exchange: Exchange, body: unknown, replies: Subscriber<Reply>): Attempts | null {
    const { client, retries, room, clock } = this;
    try {
      const plan = routePlanOf(exchange, body, this.registry);
      const attempts = new Attempts({ exchange, client, retries, room, clock, replies }, plan);
      attempts.start();
      return attempts;
    } catch (error) {
      replies.error(error);
      return null;
    }
  }
}
