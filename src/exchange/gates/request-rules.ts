import { type IncomingMessage } from 'node:http';
import { ExchangeError } from '../exchange-error.js';
import { isNamed } from '../header-fields.js';
import { parseRequestTarget } from '../target/request-target.js';

/** `uri-host [ ":" port ]` (RFC 9110 §7.2, RFC 3986 §3.2.2); the host may be empty. */
const HOST = /^(?:\[[\w.:~%!$&'()*+,;=-]+\]|(?:[\w.~!$&'()*+,;=-]|%[\da-f]{2})*)(?::\d*)?$/i;

const SERVED_METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';

/** What every request is held to, whatever it asks for, before anything else looks at it. */
export interface RequestRules {
  readonly maxTargetBytes: number;
}

/** @returns the rule a request breaks; null when it breaks none. */
export function brokenRule(
  incoming: IncomingMessage,
  target: string,
  { maxTargetBytes }: RequestRules,
): ExchangeError | null {
  if (incoming.method === 'TRACE' || incoming.method === 'CONNECT') {
    return methodNotAllowed(incoming.method);
  }
  if (target.length > maxTargetBytes) {
    const message = `the request target is longer than ${maxTargetBytes} bytes (limits.target_bytes)`;
    return new ExchangeError('uri_too_long', message);
  }
  if (parseRequestTarget(target) === null) return badRequest('the request target names no path');
  return brokenHostRule(incoming) ?? brokenFramingRule(incoming);
}

/** The error of a method that no path is served with. */
export function methodNotAllowed(method: string): ExchangeError {
  return new ExchangeError('method_not_allowed', `${method} is not served`, {
    headers: { allow: SERVED_METHODS },
  });
}

// RFC 9112 §3.2: exactly one Host in HTTP/1.1, and its value is a host's. Two of them, or one that
// others read differently, may be an attempt to be routed by one and authorized by the other.
function brokenHostRule(incoming: IncomingMessage): ExchangeError | null {
  const hosts = countOf(incoming.rawHeaders, 'host');
  if (hosts > 1) return badRequest('the request has more than one Host header');
  if (hosts === 0 && incoming.httpVersion === '1.1') {
    return badRequest('the request has no Host header');
  }
  if (!HOST.test(incoming.headers.host ?? '')) {
    return badRequest('the Host header is not the name of a host');
  }
  return null;
}

function brokenFramingRule({ headers, httpVersion }: IncomingMessage): ExchangeError | null {
  // The parser takes 0.9 and 2.0 as well, whose messages end elsewhere.
  if (httpVersion !== '1.1' && httpVersion !== '1.0') {
    return badRequest('the only versions served are HTTP/1.1 and HTTP/1.0');
  }
  // Where names become variables (RFC 3875 §4.1.18) these two are the same as with a hyphen.
  if (headers.content_length !== undefined || headers.transfer_encoding !== undefined) {
    return badRequest('the length of the body is named with an underscore');
  }
  const length = headers['content-length'];
  // It is announced to the backend, where it must not be another number.
  if (length !== undefined && !Number.isSafeInteger(Number(length))) {
    return badRequest('the Content-Length is beyond all bounds');
  }
  const coding = headers['transfer-encoding'];
  if (coding === undefined) return null;
  // RFC 9112 §6.1: a coding that is not understood leaves the end of the body unknown.
  if (coding.toLowerCase() !== 'chunked') {
    return badRequest('the only transfer coding served is chunked');
  }
  // §6.1 too: who speaks HTTP/1.0 need not know of chunks, so its framing is in doubt.
  return httpVersion === '1.0' ? badRequest('HTTP/1.0 has no transfer coding') : null;
}

function countOf(rawHeaders: readonly string[], name: string): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (isNamed(rawHeaders[at] ?? '', name)) count++;
  }
  return count;
}

function badRequest(message: string): ExchangeError {
  // Where the message ends may be in doubt as well.
  return new ExchangeError('bad_request', message, { headers: { connection: 'close' } });
}
