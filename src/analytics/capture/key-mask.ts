import { type Secret } from '../../config/secret.js';
import { CLIENT_KEY_FIELDS } from '../../exchange/request/client-key-fields.js';
import { type HeaderSource } from '../record/client-key.js';
import { REDACTED } from './redaction.js';
import { type CollectedText } from './reply-collector.js';

/** The scheme of `Authorization` (RFC 9110 §11.4). */
const SCHEME = /^\S+ +(?=\S)/;

/** What is shorter is a placeholder such as `EMPTY`, or a number, and stands in many a text. */
const MIN_KEY_LENGTH = 8;

/** Less of a key at the end of a text says nothing about it. */
const MIN_BEGINNING_LENGTH = 4;

/**
 * Makes what puts `[redacted]` in place of keys: backends repeat in their errors what they were
 * sent. A key of which a cut text has only the beginning is replaced as well.
 *
 * @param request - what the client sent
 * @param secrets - what its backend was sent
 */
export function createKeyMask(
  request: HeaderSource,
  secrets: readonly Secret[],
): (collected: CollectedText) => string {
  const keys = [...keysOf(request), ...secrets.map((secret) => secret.reveal())]
    .filter((key) => key.length >= MIN_KEY_LENGTH)
    .flatMap(spellingsOf)
    // The longer first: one may be the beginning of another.
    .sort((one, other) => other.length - one.length);
  return ({ text, isCut }) => {
    let masked = text;
    for (const key of keys) masked = masked.replaceAll(key, REDACTED);
    return isCut ? withoutBeginning(masked, keys) : masked;
  };
}

function keysOf(request: HeaderSource): string[] {
  return CLIENT_KEY_FIELDS.map((name) => request.header(name))
    .filter((value) => value !== null)
    .map((value) => value.trim().replace(SCHEME, ''));
}

/** A key as it is, and as JSON has it: some writers escape slashes (RFC 8259 §7). */
function spellingsOf(key: string): string[] {
  const escaped = JSON.stringify(key).slice(1, -1);
  return [...new Set([key, escaped, escaped.replaceAll('/', '\\/')])];
}

function withoutBeginning(text: string, keys: readonly string[]): string {
  for (const key of keys) {
    for (let length = key.length - 1; length >= MIN_BEGINNING_LENGTH; length--) {
      if (text.endsWith(key.slice(0, length))) return text.slice(0, -length) + REDACTED;
    }
  }
  return text;
}
