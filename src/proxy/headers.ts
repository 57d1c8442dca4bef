import { type BackendConfig } from '../config/typed/backend-config.js';
import { type Exchange } from '../exchange/exchange.js';
import { isNamed } from '../exchange/header-fields.js';
import { type RawHeaders } from '../exchange/reply/reply.js';
import { holdsClientKey } from '../exchange/request/client-key-fields.js';

/**
 * Fields that concern one connection (RFC 9110 §7.6.1), the credentials for a proxy (§11.7), and
 * `Trailer`, because trailers are dropped.
 */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'proxy-connection',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'proxy-authenticate',
  'proxy-authorization',
]);

/**
 * Fields that are made anew for the backend: `Host` is its own, the length follows from what is
 * sent, `Expect` was answered here, and the request id is the exchange's.
 */
const MADE_ANEW: ReadonlySet<string> = new Set([
  'host',
  'content-length',
  'expect',
  'x-request-id',
]);

/** Request fields that speak to Sluice. */
const OWN_PREFIX = 'x-sluice-';

/** The fields of a reply that concern the client; order, case and duplicates kept. */
export function replyHeaders(headers: RawHeaders, status: number): string[] {
  const dropped = connectionOptions(headers);
  return filtered(
    headers,
    // RFC 9110 §8.6: no Content-Length in a 204.
    (name) => isHopByHop(name, dropped) || (status === 204 && name === 'content-length'),
  );
}

/** The fields a request has for a backend, in the client's order, followed by those of Sluice. */
export function requestHeaders({ id, request }: Exchange, backend: BackendConfig): string[] {
  const dropped = connectionOptions(request.rawHeaders);
  const headers = filtered(
    request.rawHeaders,
    (name) =>
      MADE_ANEW.has(name) ||
      isReplaced(name, backend) ||
      name.startsWith(OWN_PREFIX) ||
      isHopByHop(name, dropped),
  );
  headers.push('X-Forwarded-For', unmappedAddress(request.remoteAddress));
  headers.push('X-Forwarded-Proto', request.scheme);
  const host = request.header('host');
  if (host !== null) headers.push('X-Forwarded-Host', host);
  headers.push('x-request-id', id);
  // Its fields go before its key, as in probes: two would be refused, or either of them read.
  if (backend.apiKey !== null && !hasField(backend, 'authorization')) {
    headers.push('Authorization', `Bearer ${backend.apiKey.reveal()}`);
  }
  for (const [name, value] of backend.headers) headers.push(name, value.reveal());
  return headers;
}

/**
 * Whether a reply says it is in a transfer coding but `chunked`. Sluice asks for none (RFC 9112
 * §7.4), and could not tell its client of one: the body would be taken for what it is not.
 */
export function hasForeignCoding(headers: RawHeaders): boolean {
  let codings = 0;
  for (let at = 0; at + 1 < headers.length; at += 2) {
    if (!isNamed(headers[at] ?? '', 'transfer-encoding')) continue;
    if (++codings > 1 || headers[at + 1]?.toLowerCase() !== 'chunked') return true;
  }
  return false;
}

/** Whether a backend does not get the client's: of several keys it may read another one first. */
function isReplaced(name: string, backend: BackendConfig): boolean {
  return (backend.apiKey !== null && holdsClientKey(name)) || hasField(backend, name);
}

/** Whether the configuration gives a backend a field of that name, which is in lower case. */
function hasField({ headers }: BackendConfig, name: string): boolean {
  return headers.some(([own]) => isNamed(own, name));
}

/** Names in a `Connection` field belong to the connection as well (RFC 9110 §7.6.1). */
function connectionOptions(headers: RawHeaders): ReadonlySet<string> | null {
  let options: Set<string> | null = null;
  for (let at = 0; at + 1 < headers.length; at += 2) {
    if (!isNamed(headers[at] ?? '', 'connection')) continue;
    const value = headers[at + 1]?.toLowerCase() ?? '';
    if (value === 'keep-alive' || value === 'close') continue;
    options ??= new Set();
    for (const option of value.split(',')) options.add(option.trim());
  }
  return options;
}

function isHopByHop(name: string, options: ReadonlySet<string> | null): boolean {
  return HOP_BY_HOP.has(name) || options?.has(name) === true;
}

/** @param isDropped - given each field's name in lower case. */
function filtered(headers: RawHeaders, isDropped: (name: string) => boolean): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? '';
    if (!isDropped(name.toLowerCase())) kept.push(name, headers[at + 1] ?? '');
  }
  return kept;
}

const IPV4_MAPPED = '::ffff:';

/** An IPv4 peer of an IPv6 socket, written as IPv4 (RFC 4291 §2.5.5.2). */
function unmappedAddress(address: string): string {
  return address.startsWith(IPV4_MAPPED) ? address.slice(IPV4_MAPPED.length) : address;
}
