/**
 * Reads a time as both databases write it, `2026-01-31 23:59:59.5` with or without the zone `+00`;
 * their connections are set to UTC, so there is no other.
 *
 * @returns ISO 8601 with milliseconds; null for what is no such time.
 */
export function isoTime(text: unknown): string | null {
  if (typeof text !== 'string') return null;
  const time = new Date(`${text.replace(' ', 'T').replace(/\+00$/, '')}Z`);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
