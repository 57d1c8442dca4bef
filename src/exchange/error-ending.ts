import { ExchangeError, type ErrorSource } from './exchange-error.js';
import { type Outcome } from './facts/exchange-facts.js';

/** What the client is told of any error: our own as it is, a mistake of ours without its details. */
export function clientErrorOf(error: unknown): ExchangeError {
  if (error instanceof ExchangeError) return error;
  return new ExchangeError('internal_error', 'internal error', { cause: error });
}

/** The outcome of an exchange that ended in an error of Sluice's own. */
export function outcomeOf({ source }: { readonly source: ErrorSource }): Outcome {
  switch (source) {
    case 'client':
    case 'sluice':
      return 'rejected';
    case 'upstream':
      return 'upstream_failed';
    default: {
      const exhaustiveCheck: never = source;
      return exhaustiveCheck;
    }
  }
}
