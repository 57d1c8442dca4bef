import { type Exchange } from '../exchange/exchange.js';
import { type ExchangeFacts } from '../exchange/facts/exchange-facts.js';

/** What the metrics count by. */
export type CountedFacts = Pick<
  ExchangeFacts,
  'status' | 'bytesIn' | 'bytesOut' | 'headersMs' | 'firstByteMs' | 'totalMs' | 'rewritten'
>;

/** What the metrics read of an exchange that has ended. */
export interface CountedExchange extends Pick<Exchange, 'path' | 'route' | 'outcome'> {
  readonly facts: CountedFacts;
}
