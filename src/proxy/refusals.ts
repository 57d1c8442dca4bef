import { ExchangeError } from '../exchange/exchange-error.js';

/** A moment of load passes; a backend that is down is probed every few seconds. */
const RETRY_AFTER_SECONDS = { overloaded: '1', noBackend: '5' } as const;

/** The error when all who could serve carry as much as they may, and there is no place to wait. */
export function allBusy(): ExchangeError {
  const headers = { 'retry-after': RETRY_AFTER_SECONDS.overloaded };
  const message = 'every backend that could serve this is at its limit (max_in_flight)';
  return new ExchangeError('overloaded', message, { headers });
}

/** The error of a request that waited in vain. */
export function waitedInVain(): ExchangeError {
  const headers = { 'retry-after': RETRY_AFTER_SECONDS.overloaded };
  const message =
    'every backend that could serve this was at its limit (max_in_flight) for as long as a request waits (queue.timeout)';
  return new ExchangeError('overloaded', message, { headers });
}

/**
 * The error when no connection to any backend can be opened, for want of file descriptors for one.
 *
 * @param reason - the code of what failed, in brackets behind a space
 */
export function noMeans(reason: string, cause: unknown): ExchangeError {
  const headers = { 'retry-after': RETRY_AFTER_SECONDS.overloaded };
  const message = `this process cannot open another connection to a backend${reason}`;
  return new ExchangeError('overloaded', message, { headers, cause });
}

/** The error when a limit that runs from the start of an exchange had passed before it was sent. */
export function outOfTime(backend: string): ExchangeError {
  const message = `no time was left for backend '${backend}' (timeout.total, timeout.first_token)`;
  return new ExchangeError('upstream_timeout', message);
}

/** Most names in a message. */
const MAX_NAMED = 10;

/** The error when all who could serve are known to be down; none was tried. */
export function allDown(names: readonly string[]): ExchangeError {
  const headers = { 'retry-after': RETRY_AFTER_SECONDS.noBackend };
  const rest = names.length - MAX_NAMED;
  const named = names.slice(0, MAX_NAMED).map((name) => `'${name}'`);
  const message = `every backend that could serve this is down: ${named.join(', ')}`;
  return new ExchangeError('no_backend', rest > 0 ? `${message} and ${rest} more` : message, {
    headers,
  });
}
