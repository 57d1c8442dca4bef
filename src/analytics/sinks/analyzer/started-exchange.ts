import { type Exchange } from '../../../exchange/exchange.js';
import { type StartedExchange } from '../../analyzer.js';

/** Request fields that tell of the client and hold no credential; the exchange itself has its key. */
const SHOWN_HEADERS = [
  'accept',
  'content-length',
  'content-type',
  'openai-organization',
  'openai-project',
  'user-agent',
  'x-stainless-lang',
  'x-stainless-package-version',
] as const;

/** What an analyzer of the user's own may know of an exchange that has begun. */
export function startedExchange(exchange: Exchange): StartedExchange {
  const { id, startedAtMs, method, path } = exchange;
  const headers: Record<string, string> = {};
  for (const name of SHOWN_HEADERS) {
    const value = exchange.header(name);
    if (value !== null) headers[name] = value;
  }
  return { id, startedAtMs, method, path, headers };
}
