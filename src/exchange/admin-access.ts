import { createHash, timingSafeEqual } from 'node:crypto';
import { type Secret } from '../config/secret.js';
import { ExchangeError } from './exchange-error.js';

/** What a request shows of who sent it. */
export interface AdminRequest {
  /** Its `Authorization`; null without one. */
  readonly authorization: string | null;
  /** Of the connection, not of any header. */
  readonly remoteAddress: string;
  /** Names of its header fields, in lower case. */
  readonly fieldNames: Iterable<string>;
}

/** Fields by which a proxy tells that the connection is its own and the client somebody else. */
const FORWARDED_FIELDS: ReadonlySet<string> = new Set([
  'cf-connecting-ip',
  'forwarded',
  'true-client-ip',
  'via',
  'x-client-ip',
  'x-real-ip',
]);

/** De facto, all of its kind: `x-forwarded-for`, `-host`, `-proto`, `-port`, `-prefix`. */
const FORWARDED_PREFIX = 'x-forwarded-';

/** IPv4's 127.0.0.0/8 (RFC 1122 §3.2.1.3), also as IPv6 writes it, and `::1` (RFC 4291 §2.5.3). */
const LOOPBACK = /^(?:(?:::ffff:)?127(?:\.\d{1,3}){3}|::1)$/i;

/** RFC 6750 §2.1; a scheme's letter case means nothing (RFC 9110 §11.1). */
const BEARER = /^bearer +(\S+)$/i;

/**
 * Whether a request may see who used what.
 *
 * @param adminKey - `settings.admin_key`; without one, only clients on this machine get in, and
 *   none whose request a proxy passed on
 * @returns what the client is told; null lets the request in
 */
export function adminRefusal(request: AdminRequest, adminKey: Secret | null): ExchangeError | null {
  if (adminKey === null) return isLocal(request) ? null : refusal(KEY_UNSET);
  const token = BEARER.exec(request.authorization ?? '')?.[1];
  if (token === undefined) return refusal(KEY_MISSING);
  return isSameText(token, adminKey.reveal()) ? null : refusal(KEY_WRONG);
}

const KEY_UNSET =
  'this is served to clients on the same machine only, until settings.admin_key is set';
const KEY_MISSING = 'send the admin key as "Authorization: Bearer …" (settings.admin_key)';
const KEY_WRONG = 'this is not the admin key (settings.admin_key)';

// RFC 9110 §15.5.2: a 401 must name a way to authenticate.
function refusal(message: string): ExchangeError {
  return new ExchangeError('invalid_api_key', message, {
    headers: { 'www-authenticate': 'Bearer realm="sluice"' },
  });
}

function isLocal({ remoteAddress, fieldNames }: AdminRequest): boolean {
  if (!LOOPBACK.test(remoteAddress)) return false;
  for (const name of fieldNames) {
    if (FORWARDED_FIELDS.has(name) || name.startsWith(FORWARDED_PREFIX)) return false;
  }
  return true;
}

// Digests have one length, so the time of the comparison tells nothing about either text.
function isSameText(one: string, other: string): boolean {
  return timingSafeEqual(digestOf(one), digestOf(other));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
