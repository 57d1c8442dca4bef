import { type ExchangeRecord } from '../../src/analytics/record/exchange-record.js';
import { type ExpectedFields } from './cases/exchange-case.js';
import { between, matching, orNull } from './matching.js';

/** A record has tenths, so that it may be off by half of one; and a little by binary fractions. */
const ROUNDING = 0.0501;

/** There is no rate over less. */
const MIN_RATE_MS = 1;

/** The histogram of gaps tells them within 10%. */
const GAP_ERROR = 1.1;

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A time as records write it, between two moments in ms since 1970. */
export function timeBetween(earliestMs: number, latestMs: number): object {
  const wanted = `${new Date(earliestMs).toISOString()} to ${new Date(latestMs).toISOString()}`;
  return matching(wanted, (value) => {
    if (typeof value !== 'string' || !ISO.test(value)) return false;
    const ms = Date.parse(value);
    return ms >= earliestMs && ms <= latestMs;
  });
}

/** Of a stream that came in several deliveries; no gap is longer than its exchange. */
export function gapsOf({ inter_token_p50_ms, total_ms }: ExchangeRecord): ExpectedFields {
  const longestMs = Number(total_ms) * GAP_ERROR + 2 * ROUNDING;
  return {
    inter_token_p50_ms: between(0, longestMs),
    inter_token_p99_ms: between(Number(inter_token_p50_ms), longestMs),
  };
}

/**
 * Completion tokens a second: of a stream from its first token to the end, of anything else over
 * the whole time; null where one of these is unknown, or the time too short. The times are the
 * record's own, rounded, so that a rate follows from them within bounds.
 */
export function rateOf(record: ExchangeRecord): object | null {
  const { stream, first_token_ms, total_ms, completion_tokens } = record;
  const startMs = stream ? first_token_ms : 0;
  if (completion_tokens === null || startMs === null || total_ms === null) return null;
  const shortestMs = total_ms - startMs - 2 * ROUNDING;
  const longestMs = total_ms - startMs + 2 * ROUNDING;
  if (longestMs < MIN_RATE_MS) return null;
  const rate = between(
    (completion_tokens / longestMs) * 1000 - ROUNDING,
    (completion_tokens / Math.max(MIN_RATE_MS, shortestMs)) * 1000 + ROUNDING,
  );
  return shortestMs < MIN_RATE_MS ? orNull(rate) : rate;
}
