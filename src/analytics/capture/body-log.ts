import { Injectable, Logger } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { onExchange } from '../../exchange/exchange.events.js';
import { Captures } from './captures.js';

/** Logs the bodies of exchanges that have ended, where `settings.log.bodies` asks for it. */
@Injectable()
export class BodyLog {
  readonly #logger = new Logger('Bodies');

  constructor(events: EventEmitter2, captures: Captures) {
    onExchange(events, 'exchange.finished', (exchange) => {
      const bodies = captures.logged(exchange);
      if (bodies === null) return;
      const { request, reply } = bodies;
      this.#logger.log({ msg: 'exchange bodies', id: exchange.id, request, reply });
    });
  }
}
