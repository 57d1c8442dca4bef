import { type Exchange } from '../exchange.js';

/** What tells which model a backend was asked for. */
export interface AskedExchange extends Pick<Exchange, 'route'> {
  readonly facts: Pick<Exchange['facts'], 'requestedModel'>;
}

/** The model the backend was asked for; a route that names none leaves the client's as it is. */
export function askedModelOf({ route, facts }: AskedExchange): string | null {
  return route === null ? null : (route.model ?? facts.requestedModel);
}
