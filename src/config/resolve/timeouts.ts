import { toMs } from '../duration.js';
import { type TimeoutSection } from '../sections/timeout.section.js';
import { type TimeoutsConfig } from '../typed/timeouts-config.js';

/** Connecting takes a round trip or two, never as long as a model may think. */
const CONNECT_SECONDS = 5;

/**
 * Resolves a `timeout` of the file. A number is seconds of silence: for the reply's head and
 * between chunks, and at most that for connecting; an object's keys fall back to `inherited`.
 * Nothing given: `inherited` as it is.
 */
export function resolveTimeouts(
  timeout: number | TimeoutSection | undefined,
  inherited: TimeoutsConfig,
): TimeoutsConfig {
  if (timeout === undefined) return inherited;
  if (typeof timeout === 'number') return ofSilence(timeout);
  return {
    connectMs: msOr(timeout.connect, inherited.connectMs),
    headersMs: msOr(timeout.headers, inherited.headersMs),
    firstTokenMs: msOr(timeout.first_token, inherited.firstTokenMs),
    idleMs: msOr(timeout.idle, inherited.idleMs),
    totalMs: msOr(timeout.total, inherited.totalMs),
  };
}

/** The limits that a number stands for; 0 bounds connecting alone. */
export function ofSilence(seconds: number): TimeoutsConfig {
  const connectSeconds = seconds === 0 ? CONNECT_SECONDS : Math.min(CONNECT_SECONDS, seconds);
  return {
    connectMs: toMs(connectSeconds),
    headersMs: toMs(seconds),
    firstTokenMs: 0,
    idleMs: toMs(seconds),
    totalMs: 0,
  };
}

function msOr(seconds: number | undefined, inheritedMs: number): number {
  return seconds === undefined ? inheritedMs : toMs(seconds);
}
