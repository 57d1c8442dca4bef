import { Injectable, Logger } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { ConfigStore } from '../config/config-store.js';
import { type ExchangeEvents } from './exchange.events.js';
import { Exchange } from './exchange.js';
import { InFlight } from './in-flight.js';
import { awaitsContinue } from './request/expectation.js';
import { RequestBody } from './request/request-body.js';
import { RequestHead } from './request/request-head.js';
import { requestIdOf } from './request/request-id.js';
import { Clock } from './timing/clock.js';

/** Opens and closes exchanges: counts the running ones and announces each start and end once. */
@Injectable()
export class ExchangeLedger {
  readonly #logger = new Logger('Exchange');
  #ended: Exchange[] = [];

  constructor(
    private readonly config: ConfigStore,
    private readonly clock: Clock,
    private readonly inFlight: InFlight,
    private readonly events: EventEmitter2,
  ) {}

  /** @param target - the request target as the client sent it. */
  open(incoming: IncomingMessage, response: ServerResponse, target: string): Exchange {
    const head = new RequestHead(incoming, target);
    const body = new RequestBody(incoming, this.config.current.settings.limits, () => {
      if (awaitsContinue(incoming)) response.writeContinue();
    });
    const exchange = new Exchange(requestIdOf(head.header('x-request-id')), head, body, this.clock);
    exchange.onFirstToken = this.#onFirstToken;
    this.inFlight.begin();
    this.#announce('exchange.started', exchange);
    return exchange;
  }

  /** Called once for each that was opened. */
  close(exchange: Exchange): void {
    exchange.end();
    if (this.#ended.push(exchange) === 1) setImmediate(this.#announceEnds);
  }

  /**
   * Announces the exchanges that ended in one turn of the event loop together, behind it: nobody waits
   * for counting and recording, and many in a row cost less each than one at a time between requests.
   */
  readonly #announceEnds = (): void => {
    const ended = this.#ended;
    this.#ended = [];
    for (const exchange of ended) {
      this.inFlight.end();
      this.#conclude(exchange);
      this.#announce('exchange.finished', exchange);
    }
  };

  readonly #onFirstToken = (exchange: Exchange): void => {
    this.#announce('exchange.first_token', exchange);
  };

  #conclude({ filter, witness }: Exchange): void {
    try {
      filter?.conclude();
      witness?.conclude();
    } catch (error) {
      this.#logger.error(error);
    }
  }

  #announce(event: keyof ExchangeEvents, exchange: Exchange): void {
    try {
      this.events.emit(event, exchange);
    } catch (error) {
      // A listener's mistake is the listener's: the exchange goes on.
      this.#logger.error(error);
    }
  }
}
