import { Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { throwError } from 'rxjs';
import { ExchangeChain } from './exchange-chain.js';
import { ExchangeContext } from './exchange-context.js';
import {
  EXCHANGE_HANDLER,
  EXCHANGE_INTERCEPTORS,
  type ExchangeHandler,
} from './exchange-handler.js';
import { ExchangeLedger } from './exchange-ledger.js';
import { type Reply } from './reply.js';

/** A request as the HTTP server hands it over. */
export interface Arrival {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  /** The request target, byte for byte. */
  readonly target: string;
}

/**
 * Runs exchanges through their interceptors. Composed here and not by the router's consumer, which
 * spends more on promises and deferred streams for one interceptor than carrying a request costs.
 */
@Injectable()
export class ExchangePipeline {
  constructor(
    private readonly ledger: ExchangeLedger,
    @Inject(EXCHANGE_INTERCEPTORS)
    private readonly interceptors: readonly NestInterceptor<Reply, Reply>[],
    @Inject(EXCHANGE_HANDLER) private readonly handler: ExchangeHandler,
  ) {}

  /** Carries a request to its reply. */
  run(arrival: Arrival): void {
    this.#start(arrival, this.interceptors, this.handler);
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
