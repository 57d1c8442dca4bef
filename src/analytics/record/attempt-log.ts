import { type ExchangeFacts } from '../../exchange/facts/exchange-facts.js';
import { type Route } from '../../exchange/route.js';
import { type AttemptRecord } from './exchange-record.js';
import { tenths } from './tenths.js';

const NONE: readonly AttemptRecord[] = [];

/**
 * Every attempt of an exchange in order: those that failed or were followed by another, then the
 * one that answered the client or was under way when the exchange ended, if any.
 */
export function attemptLogOf(facts: ExchangeFacts, route: Route | null): readonly AttemptRecord[] {
  const { attempts, pastAttempts } = facts;
  if (attempts === 0) return NONE;
  const failed = pastAttempts?.map(({ backend, status, errorCode, durationMs }) => ({
    backend,
    status,
    error_code: errorCode,
    duration_ms: tenths(durationMs),
  }));
  if (failed?.length === attempts || route === null) return failed ?? NONE;
  const last = lastAttempt(facts, route);
  return failed === undefined ? [last] : [...failed, last];
}

function lastAttempt(facts: ExchangeFacts, route: Route): AttemptRecord {
  const { headersMs, status, errorCode, attemptStartMs, totalMs } = facts;
  const durationMs = attemptStartMs === null || totalMs === null ? null : totalMs - attemptStartMs;
  return {
    backend: route.backend.name,
    // Without the head of a reply the status is that of Sluice's own error, not the backend's.
    status: headersMs === null ? null : status,
    error_code: errorCode,
    duration_ms: tenths(durationMs),
  };
}
