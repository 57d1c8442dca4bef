import { type Observable } from 'rxjs';
import { type Exchange } from './exchange.js';
import { type Reply } from './reply/reply.js';

/** What is at the end of the chain: carries an exchange to where it is answered. */
export interface ExchangeHandler {
  /**
   * Answers once, as soon as the head is known, and then completes; the body follows in the reply.
   * Fails with an `ExchangeError`. Unsubscribing before the answer cancels the work.
   */
  handle(exchange: Exchange): Observable<Reply>;
}

/** Injects the {@link ExchangeHandler} of the pipeline. */
export const EXCHANGE_HANDLER = Symbol('EXCHANGE_HANDLER');

/** Injects the pipeline's interceptors, outer to inner. */
export const EXCHANGE_INTERCEPTORS = Symbol('EXCHANGE_INTERCEPTORS');
