import { Injectable } from '@nestjs/common';
import { Observable } from 'rxjs';
import { BackendRegistry } from '../backends/backend-registry.js';
import { Clock } from '../exchange/clock.js';
import { type ExchangeHandler } from '../exchange/exchange-handler.js';
import { type Exchange } from '../exchange/exchange.js';
import { type Reply } from '../exchange/reply.js';
import { type Route } from '../exchange/route.js';
import { Attempts } from './attempts.js';
import { endpointOf } from './endpoint.js';
import { modelNamedIn, mustBeRead } from './requested-model.js';
import { UpstreamClient } from './upstream.client.js';

/** Carries an exchange to a backend and the answer back, byte for byte. */
@Injectable()
export class Forwarder implements ExchangeHandler {
  constructor(
    private readonly registry: BackendRegistry,
    private readonly client: UpstreamClient,
    private readonly clock: Clock,
  ) {}

  handle(exchange: Exchange): Observable<Reply> {
    // One stream from the request to the reply: each one more would cost as much as a small reply.
    return new Observable((replies) => {
      const { client, clock } = this;
      const attempts = new Attempts({ exchange, client, clock, replies });
      if (mustBeRead(exchange, this.registry.dependsOnModel)) {
        exchange.phase = 'reading';
        modelOf(exchange).then(
          (model) => {
            attempts.start(() => this.#route(exchange, model));
          },
          (error: unknown) => {
            replies.error(error);
          },
        );
      } else {
        attempts.start(() => this.#route(exchange, null));
      }
      return () => {
        attempts.cancel();
      };
    });
  }

  #route(exchange: Exchange, model: string | null): Route {
    const modelIs = endpointOf(exchange.path) === 'chat' ? 'required' : 'optional';
    return this.registry.route({ model, modelIs });
  }
}

async function modelOf(exchange: Exchange): Promise<string | null> {
  const model = modelNamedIn(await exchange.body.json());
  exchange.facts.requestedModel ??= model;
  return model;
}
