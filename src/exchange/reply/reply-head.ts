import { isNamed } from '../header-fields.js';
import { isJsonType } from '../media-type.js';
import { type RawHeaders } from './reply.js';

/**
 * The first value of a field.
 *
 * @param name - in lower case.
 * @returns null when the field is absent.
 */
export function headerValue(headers: RawHeaders, name: string): string | null {
  for (let at = 0; at + 1 < headers.length; at += 2) {
    if (isNamed(headers[at] ?? '', name)) return headers[at + 1] ?? '';
  }
  return null;
}

/** Whether a reply is an event stream (WHATWG HTML §9.2): by its content type. */
export function isEventStream(headers: RawHeaders): boolean {
  return /^text\/event-stream\s*(;|$)/i.test(headerValue(headers, 'content-type') ?? '');
}

/** Whether a reply is JSON: by its content type. */
export function isJson(headers: RawHeaders): boolean {
  return isJsonType(headerValue(headers, 'content-type'));
}

/**
 * The content coding of a reply's body, in lower case; null when it has none. Several, in one field
 * or in more (RFC 9110 §5.3), come as a list, which is the name of no coding.
 */
export function codingIn(headers: RawHeaders): string | null {
  let fields: string | null = null;
  for (let at = 0; at + 1 < headers.length; at += 2) {
    if (!isNamed(headers[at] ?? '', 'content-encoding')) continue;
    const value = headers[at + 1] ?? '';
    fields = fields === null ? value : `${fields},${value}`;
  }
  return codingOf(fields);
}

/** The same of the value of `Content-Encoding` (RFC 9110 §8.4). */
export function codingOf(contentEncoding: string | null): string | null {
  if (contentEncoding === null) return null;
  const codings = contentEncoding.split(',').map((coding) => coding.trim().toLowerCase());
  const real = codings.filter((coding) => coding !== '' && coding !== 'identity');
  return real.length === 0 ? null : real.join(', ');
}
