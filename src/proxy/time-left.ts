import { type TimedPhase } from '../backends/state/attempt-failure.js';
import { type TimeoutsConfig } from '../config/typed/timeouts-config.js';
import { type Exchange } from '../exchange/exchange.js';

/** Whether a backend's limits for the whole exchange leave it any time for this one. */
export function hasTimeLeft(
  exchange: Pick<Exchange, 'elapsedMs' | 'facts'>,
  { totalMs, firstTokenMs }: TimeoutsConfig,
): boolean {
  const elapsedMs = exchange.elapsedMs();
  if (totalMs !== 0 && elapsedMs >= totalMs) return false;
  return !exchange.facts.stream || firstTokenMs === 0 || elapsedMs < firstTokenMs;
}

/**
 * Whether an attempt had most of a limit to itself. Where other attempts, a queue or the client had
 * used it up before, that it ran out says nothing of the last backend.
 *
 * @param attemptStartMs - from the start of the exchange
 */
export function hadMostOf(
  phase: TimedPhase | null,
  attemptStartMs: number,
  { totalMs, firstTokenMs }: TimeoutsConfig,
): boolean {
  if (phase === 'total') return attemptStartMs <= totalMs / 2;
  return phase !== 'first_token' || attemptStartMs <= firstTokenMs / 2;
}
