import { type Exchange } from './exchange.js';

/** What happens to exchanges, as past-tense facts. Listeners never slow or fail an exchange. */
export interface ExchangeEvents {
  'exchange.started': Exchange;
  'exchange.finished': Exchange;
}
