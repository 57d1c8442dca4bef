import { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { type ExchangePipeline } from './exchange/exchange-pipeline.js';
import { isOwnTarget } from './exchange/own-paths.js';

/**
 * Where requests come in: those for Sluice itself go to Nest's router, all others straight to the
 * pipeline. Carrying a request through the router first costs a fifth of what Sluice adds to it.
 */
export class Entrance {
  #pipeline: ExchangePipeline | null = null;

  /** Called before the listener opens, when the application stands. */
  open(pipeline: ExchangePipeline): void {
    this.#pipeline = pipeline;
  }

  /** @param router - handles Sluice's own paths */
  listener(router: RequestListener): RequestListener {
    return (incoming: IncomingMessage, response: ServerResponse) => {
      const target = incoming.url ?? '/';
      if (this.#pipeline === null || isOwnTarget(target)) router(incoming, response);
      else this.#pipeline.run({ incoming, response, target });
    };
  }
}
