/** Longest pause that a backend can ask for and get. */
export const MAX_RETRY_AFTER_MS = 60_000;

const DELAY_SECONDS = /^\d{1,10}$/;

/**
 * Reads a `Retry-After` (RFC 9110 §10.2.3): seconds, or a date.
 *
 * @param value - the field's value; null where there is none.
 * @param wallMs - milliseconds since 1970.
 * @returns 0 to 60,000 ms from now; null where there is nothing to read.
 */
export function retryAfterMs(value: string | null, wallMs: number): number | null {
  if (value === null) return null;
  const text = value.trim();
  const durationMs = DELAY_SECONDS.test(text) ? Number(text) * 1000 : dateOf(text) - wallMs;
  if (Number.isNaN(durationMs)) return null;
  return Math.min(Math.max(0, durationMs), MAX_RETRY_AFTER_MS);
}

// Every form of an HTTP date begins with the name of a day (RFC 9110 §5.6.7); Date.parse takes more.
function dateOf(text: string): number {
  return /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : Number.NaN;
}
