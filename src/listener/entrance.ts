import { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';
import { isClosing } from '../exchange/connection/closing-connections.js';
import { type ExchangeError } from '../exchange/exchange-error.js';
import { type ExchangePipeline } from '../exchange/exchange-pipeline.js';
import { type DrainState } from '../exchange/gates/drain-state.js';
import { type RunningReplies } from '../exchange/reply/writing/running-replies.js';
import { isOwnTarget } from '../exchange/target/own-paths.js';
import { parseRequestTarget } from '../exchange/target/request-target.js';
import { OwnReply } from './own-reply.js';

/** What stands behind the entrance. */
export interface Interior {
  readonly pipeline: ExchangePipeline;
  readonly running: RunningReplies;
  readonly drain: DrainState;
}

/**
 * Where requests come in: those for Sluice itself go to Nest's router, all others straight to the
 * pipeline. Carrying a request through the router first costs a fifth of what Sluice adds to it.
 */
export class Entrance {
  #interior: Interior | null = null;

  /** Called before the listener opens, when the application stands. */
  open(interior: Interior): void {
    this.#interior = interior;
  }

  /**
   * Has the client told of bytes that are no request by the reply to the request that they are part of,
   * or that runs before them.
   *
   * @returns false when there is none, so that the client has to be told otherwise
   */
  tellRunning(connection: Socket, error: ExchangeError): boolean {
    return this.#interior?.running.tellBroken(connection, error) === true;
  }

  /**
   * Ends the requests on a connection that the HTTP server has let go of.
   *
   * @returns whether there were any
   */
  loseRunning(connection: Socket): boolean {
    return this.#interior?.running.lose(connection) === true;
  }

  /** @param router - handles Sluice's own paths */
  listener(router: RequestListener): RequestListener {
    return (incoming: IncomingMessage, response: ServerResponse) => {
      if (isClosing(incoming.socket)) return;
      const target = incoming.url ?? '/';
      const own = ownTargetOf(target);
      const interior = this.#interior;
      if (interior !== null && own === null) {
        interior.pipeline.run({ incoming, response, target });
        return;
      }
      // The router asks the gates too late: what follows on the connection would be read before.
      if (interior?.pipeline.turnsAway({ incoming, response, target }) === true) return;
      if (own !== null) incoming.url = own;
      if (interior !== null) this.#note(response, interior);
      router(incoming, response);
    };
  }

  /** Nobody else does of what the router answers. */
  #note(response: ServerResponse, { running, drain }: Interior): void {
    const place = running.begin(new OwnReply(response));
    response.once('close', () => {
      place.leave();
    });
    // RFC 9112 §9.6. The writer of replies says it in those of exchanges.
    if (drain.isRefusing) response.setHeader('Connection', 'close');
  }
}

/** A target of Sluice's own in origin form, whatever authority it came with; null for any other. */
function ownTargetOf(target: string): string | null {
  if (target.startsWith('/')) return isOwnTarget(target) ? target : null;
  const parsed = parseRequestTarget(target);
  const origin = parsed === null ? null : parsed.path + parsed.query;
  return origin !== null && isOwnTarget(origin) ? origin : null;
}
