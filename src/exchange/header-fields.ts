import { type RawHeaders } from './reply/reply.js';

/** Fields that describe the bytes of a body, and are wrong for any other bytes (RFC 9110 §8, 9530). */
export const OF_THE_BYTES: ReadonlySet<string> = new Set([
  'content-length',
  'content-md5',
  'content-digest',
  'repr-digest',
  'digest',
  'etag',
]);

/** The fields without those named, in lower case; order and duplicates of the others stay. */
export function withoutHeaders(headers: RawHeaders, names: ReadonlySet<string>): RawHeaders {
  const kept: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? '';
    if (!names.has(name.toLowerCase())) kept.push(name, headers[at + 1] ?? '');
  }
  return kept;
}

/**
 * Whether a field has this name, in whatever case (RFC 9110 §5.1). Most names differ in length, so that
 * few are lowered.
 *
 * @param name - in lower case.
 */
export function isNamed(field: string, name: string): boolean {
  return field.length === name.length && field.toLowerCase() === name;
}
