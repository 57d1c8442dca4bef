import { createHash, timingSafeEqual } from 'node:crypto';
import { type Secret } from '../config/secret.js';
import { ExchangeError } from '../exchange/exchange-error.js';

/** What a request shows of who sent it. */
export interface AdminRequest {
  /** Its `Authorization`; null without one. */
  readonly authorization: string | null;
  /** Of the connection, not of any header. */
  readonly remoteAddress: string;
  /** Its `Host`; null without one. */
  readonly host: string | null;
  /** Names of its header fields, in lower case. */
  readonly fieldNames: Iterable<string>;
}

/** Fields by which a proxy tells that the connection is its own and the client somebody else. */
const FORWARDED_FIELDS: ReadonlySet<string> = new Set([
  'cf-connecting-ip',
  'cf-connecting-ipv6',
  'client-ip',
  'fastly-client-ip',
  'fly-client-ip',
  'forwarded',
  'forwarded-for',
  'true-client-ip',
  'via',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-forwarded',
  'x-real-ip',
]);

/**
 * De facto, all of their kind: `x-forwarded-for`, `-host`, `-proto`, `-port`, `-prefix`; what a
 * second proxy makes of those; what the sidecars of Envoy and Linkerd add.
 */
const FORWARDED_PREFIXES: readonly string[] = [
  'x-forwarded-',
  'x-original-forwarded-',
  'x-envoy-',
  'l5d-',
];

/**
 * What a client on this machine calls it: a name that leads nowhere else (RFC 6761 §6.3) or an
 * address of this machine, with or without a port. Any other name may be one that a web page has
 * pointed here, so that a browser on this machine reads for it (DNS rebinding).
 */
const LOCAL_HOST =
  /^(?:(?:[a-z0-9-]+\.)*localhost\.?|127(?:\.\d{1,3}){3}|\[(?:::1|::ffff:127(?:\.\d{1,3}){3})\])(?::\d*)?$/i;

/** IPv4's 127.0.0.0/8 (RFC 1122 §3.2.1.3), also as IPv6 writes it, and `::1` (RFC 4291 §2.5.3). */
const LOOPBACK = /^(?:(?:::ffff:)?127(?:\.\d{1,3}){3}|::1)$/i;

/** RFC 6750 §2.1; a scheme's letter case means nothing (RFC 9110 §11.1). */
const BEARER = /^bearer +(\S+)$/i;

/**
 * Whether a request may see who used what.
 *
 * @param adminKey - `settings.admin_key`; without one, only clients on this machine get in that
 *   call it by a local name, and none whose request a proxy passed on
 * @returns what the client is told; null lets the request in
 */
export function adminRefusal(request: AdminRequest, adminKey: Secret | null): ExchangeError | null {
  if (adminKey === null) return refusalWithoutKey(request);
  const token = BEARER.exec(request.authorization ?? '')?.[1];
  if (token === undefined) return refusal(KEY_MISSING);
  return isSameText(token, adminKey.reveal()) ? null : refusal(KEY_WRONG);
}

const KEY_UNSET =
  'this is served to clients on the same machine only, until settings.admin_key is set';
const HOST_UNKNOWN =
  'this is served under localhost and the addresses of this machine only, until settings.admin_key is set';
const KEY_MISSING = 'send the admin key as "Authorization: Bearer …" (settings.admin_key)';
const KEY_WRONG = 'this is not the admin key (settings.admin_key)';

// RFC 9110 §15.5.2: a 401 must name a way to authenticate.
function refusal(message: string): ExchangeError {
  return new ExchangeError('invalid_api_key', message, {
    headers: { 'www-authenticate': 'Bearer realm="sluice"' },
  });
}

function refusalWithoutKey(request: AdminRequest): ExchangeError | null {
  if (!isFromHere(request)) return refusal(KEY_UNSET);
  return LOCAL_HOST.test(request.host ?? '') ? null : refusal(HOST_UNKNOWN);
}

function isFromHere({ remoteAddress, fieldNames }: AdminRequest): boolean {
  if (!LOOPBACK.test(remoteAddress)) return false;
  for (const name of fieldNames) {
    if (isForwarding(name)) return false;
  }
  return true;
}

function isForwarding(name: string): boolean {
  return FORWARDED_FIELDS.has(name) || FORWARDED_PREFIXES.some((prefix) => name.startsWith(prefix));
}

// Digests have one length, so the time of the comparison tells nothing about either text.
function isSameText(one: string, other: string): boolean {
  return timingSafeEqual(digestOf(one), digestOf(other));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
