import { type ExchangeError } from '../../exchange-error.js';

/** How the paths of the Messages API (Anthropic) end, whatever a backend has before it. */
const MESSAGES_PATH_END = '/messages';

/**
 * The lines of the event that tells an error within a stream. Clients of the Messages API go by the
 * names of events, and skip one that has none: a stream that broke off would have a clean end for
 * them (https://docs.claude.com/en/docs/build-with-claude/streaming#error-events).
 *
 * @param path - of the request, without the query
 */
export function errorLines(path: string, failure: ExchangeError): string {
  if (!path.endsWith(MESSAGES_PATH_END)) return `data: ${failure.toBody()}`;
  return `event: error\ndata: ${failure.toBody({ type: 'error' })}`;
}
