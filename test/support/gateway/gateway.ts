import { EventEmitter2 } from '@nestjs/event-emitter';
import { type SluiceConfig } from '../../../src/config/typed/sluice-config.js';
import { type Exchange } from '../../../src/exchange/exchange.js';
import { EventLoopDelay } from '../../../src/exchange/gates/event-loop-delay.js';
import { createServer, type SluiceServer } from '../../../src/server.js';
import { deferred, type Deferred } from '../time/deferred.js';

/** A Sluice under test, listening on a free port. */
export interface Gateway {
  readonly url: string;
  readonly app: SluiceServer['app'];
  /** Exchanges that have ended, in order. */
  readonly finished: readonly Exchange[];
  /** Resolves with the next exchange that begins. */
  nextStarted(): Promise<Exchange>;
  /** Each call waits for, and resolves with, the next exchange that ended or will end. */
  nextFinished(): Promise<Exchange>;
  close(): Promise<void>;
}

export async function startGateway(config: SluiceConfig): Promise<Gateway> {
  const server = await createServer(config);
  const finished: Exchange[] = [];
  const awaited: Deferred<Exchange>[] = [];
  let ended = 0;
  let asked = 0;
  const at = (index: number): Deferred<Exchange> => (awaited[index] ??= deferred<Exchange>());
  server.app.get(EventEmitter2).on('exchange.finished', (exchange: Exchange) => {
    finished.push(exchange);
    at(ended++).resolve(exchange);
  });
  let started = deferred<Exchange>();
  server.app.get(EventEmitter2).on('exchange.started', (exchange: Exchange) => {
    started.resolve(exchange);
    started = deferred<Exchange>();
  });
  const url = await server.listen();
  // The process is the test's as well: how late that is on a busy machine is not to refuse anybody.
  server.app.get(EventLoopDelay, { strict: false }).onApplicationShutdown();
  return {
    url,
    app: server.app,
    finished,
    nextStarted: () => started.promise,
    nextFinished: () => at(asked++).promise,
    close: () => server.close(),
  };
}
