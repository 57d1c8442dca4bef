import { Logger } from '@nestjs/common';
import { type EventEmitter2 } from '@nestjs/event-emitter';
import { type Exchange } from './exchange.js';

/** What happens to exchanges, as past-tense facts. Listeners never slow or fail an exchange. */
export interface ExchangeEvents {
  'exchange.started': Exchange;
  /** The first text of reasoning or answer came from the backend; of few requests but chat. */
  'exchange.first_token': Exchange;
  'exchange.finished': Exchange;
}

const logger = new Logger('Exchange');

function logFault(error: unknown): void {
  logger.error(error);
}

/**
 * Listens to what happens to exchanges. A listener that throws or rejects is logged and harms nobody
 * else.
 *
 * In place of `@OnEvent`, which makes several promises for each listener of each event: measured at
 * a fifteenth of what a small reply costs.
 */
export function onExchange<Name extends keyof ExchangeEvents>(
  events: EventEmitter2,
  name: Name,
  listener: (fact: ExchangeEvents[Name]) => void | Promise<void>,
): void {
  events.on(name, (fact: ExchangeEvents[Name]) => {
    // Not by `guarded`: two closures for each listener of each exchange.
    try {
      const result: unknown = listener(fact);
      if (isThenable(result)) Promise.resolve(result).catch(logFault);
    } catch (error) {
      logFault(error);
    }
  });
}

/**
 * Calls a listener, which may be asynchronous though nobody waits for it. What it throws, or its
 * promise rejects with, goes to `onFault`; a rejection that nobody takes would end the process.
 */
export function guarded(call: () => unknown, onFault: (error: unknown) => void): void {
  try {
    const result = call();
    if (isThenable(result)) Promise.resolve(result).catch(onFault);
  } catch (error) {
    onFault(error);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (typeof value !== 'object' || value === null) return false;
  return 'then' in value && typeof value.then === 'function';
}
