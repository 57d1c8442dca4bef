import { Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { throwError } from 'rxjs';
import { ExchangeChain } from './exchange-chain.js';
import { ExchangeContext } from './exchange-context.js';
import {
  EXCHANGE_HANDLER,
  EXCHANGE_INTERCEPTORS,
  type ExchangeHandler,
} from './exchange-handler.js';
import { ExchangeLedger } from './exchange-ledger.js';
import { type Arrival } from './gates/arrival.js';
import { EXCHANGE_GATES, firstRefusal, type Gate } from './gates/gate.js';
import { type Reply } from './reply/reply.js';

/**
 * Lets requests in and runs them through their interceptors. They are composed here and not by the
 * router's consumer, which spends more on promises and deferred streams for one interceptor than
 * carrying a request costs.
 */
@Injectable()
export class ExchangePipeline {
  constructor(
    private readonly ledger: ExchangeLedger,
    @Inject(EXCHANGE_GATES) private readonly gates: readonly Gate[],
    @Inject(EXCHANGE_INTERCEPTORS)
    private readonly interceptors: readonly NestInterceptor<Reply, Reply>[],
    @Inject(EXCHANGE_HANDLER) private readonly handler: ExchangeHandler,
  ) {}

  /** Carries a request to its reply, if the gates let it in. */
  run(arrival: Arrival): void {
    if (!this.turnsAway(arrival)) this.#start(arrival, this.interceptors, this.handler);
  }

  /** @returns whether a gate refuses the request, which is then answered, and done with */
  turnsAway(arrival: Arrival): boolean {
    const refusal = firstRefusal(this.gates, arrival);
    if (refusal !== null) this.refuse(arrival, refusal);
    return refusal !== null;
  }

  /** Answers a request that was turned away: an exchange like any other, but never carried. */
  refuse(arrival: Arrival, error: unknown): void {
    const refusal: ExchangeHandler = { handle: () => throwError(() => error) };
    this.#start(arrival, this.interceptors.slice(0, 1), refusal);
  }

  #start(
    { incoming, response, target }: Arrival,
    interceptors: readonly NestInterceptor<Reply, Reply>[],
    handler: ExchangeHandler,
  ): void {
    const exchange = this.ledger.open(incoming, response, target);
    const context = new ExchangeContext(exchange, incoming, response);
    new ExchangeChain(interceptors, handler, context).handle().subscribe({
      complete: () => {
        this.ledger.close(exchange);
      },
    });
  }
}
