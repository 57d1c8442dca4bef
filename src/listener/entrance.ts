import { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { isClosing } from '../exchange/closing-connections.js';
import { type ExchangePipeline } from '../exchange/exchange-pipeline.js';
import { isOwnTarget } from '../exchange/own-paths.js';
import { parseRequestTarget } from '../exchange/request/request-target.js';

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
      if (isClosing(incoming.socket)) return;
      const target = incoming.url ?? '/';
      const own = ownTargetOf(target);
      if (this.#pipeline !== null && own === null) {
        this.#pipeline.run({ incoming, response, target });
        return;
      }
      // The router asks the gates too late: what follows on the connection would be read before.
      if (this.#pipeline?.turnsAway({ incoming, response, target }) === true) return;
      if (own !== null) incoming.url = own;
      router(incoming, response);
    };
  }
}

/** A target of Sluice's own in origin form, whatever authority it came with; null for any other. */
function ownTargetOf(target: string): string | null {
  if (target.startsWith('/')) return isOwnTarget(target) ? target : null;
  const parsed = parseRequestTarget(target);
  const origin = parsed === null ? null : parsed.path + parsed.query;
  return origin !== null && isOwnTarget(origin) ? origin : null;
}
