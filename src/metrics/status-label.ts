import { STATUS_CODES } from 'node:http';

const KNOWN: ReadonlyMap<number, string> = new Map(
  Object.keys(STATUS_CODES).map((code) => [Number(code), code]),
);

/**
 * A status as a metric label: the registered ones by their number, what a backend makes up is
 * `other`, and an exchange that ended before its status was known is `none`.
 */
export function statusLabel(status: number | null): string {
  if (status === null) return 'none';
  return KNOWN.get(status) ?? 'other';
}
