import { type Exchange, type ExchangeFacts } from '../exchange/exchange.js';

/** What the metrics count by. */
export type CountedFacts = Pick<
  ExchangeFacts,
  'status' | 'bytesIn' | 'bytesOut' | 'headersMs' | 'firstByteMs' | 'totalMs' | 'rewritten'
>;

/** What the metrics read of an exchange that has ended. */
export interface CountedExchange extends Pick<Exchange, 'path' | 'route' | 'outcome'> {
  readonly facts: CountedFacts;
}
