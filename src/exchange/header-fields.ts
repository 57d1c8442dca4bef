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
