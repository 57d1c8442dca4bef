/**
 * The tokens of a JSON text (RFC 8259), found without allocating. Each function takes the text and
 * the position where a token begins, and returns where it ends or, where the grammar is broken,
 * the complement `~position` of the first wrong character: the only negative numbers here.
 */

export const QUOTE = 0x22;
export const COMMA = 0x2c;
const MINUS = 0x2d;
export const COLON = 0x3a;
export const OPEN_BRACKET = 0x5b;
export const CLOSE_BRACKET = 0x5d;
export const LOWER_F = 0x66;
export const LOWER_N = 0x6e;
export const LOWER_T = 0x74;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;

const SPACE = 0x20;
const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const PLUS = 0x2b;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const UPPER_E = 0x45;
const LOWER_E = 0x65;
const LOWER_U = 0x75;
const HEX_DIGITS = 4;

/** What may follow a backslash besides `u` (RFC 8259 §7). */
const SHORT_ESCAPES = '"\\/bfnrt';

/** The first position at or after `at` that is not white space (RFC 8259 §2). */
export function afterSpace(text: string, at: number): number {
  let code = text.charCodeAt(at);
  while (code <= SPACE && isSpace(code)) code = text.charCodeAt(++at);
  return at;
}

/** The end of the number that begins with a digit or a minus at `start` (RFC 8259 §6). */
export function numberEnd(text: string, start: number): number {
  let at = text.charCodeAt(start) === MINUS ? start + 1 : start;
  at = text.charCodeAt(at) === ZERO ? at + 1 : digitsEnd(text, at);
  if (at >= 0 && text.charCodeAt(at) === DOT) at = digitsEnd(text, at + 1);
  if (at < 0) return at;
  const code = text.charCodeAt(at);
  if (code !== UPPER_E && code !== LOWER_E) return at;
  const sign = text.charCodeAt(at + 1);
  return digitsEnd(text, sign === PLUS || sign === MINUS ? at + 2 : at + 1);
}

/** The end of `literal` (`true`, `false`, `null`), which must stand at `start`. */
export function literalEnd(text: string, start: number, literal: string): number {
  if (text.startsWith(literal, start)) return start + literal.length;
  let same = 1;
  while (text.charCodeAt(start + same) === literal.charCodeAt(same)) same++;
  return ~(start + same);
}

/** The end of the escape that begins with a backslash at `start` (RFC 8259 §7). */
export function escapeEnd(text: string, start: number): number {
  const at = start + 1;
  if (text.charCodeAt(at) === LOWER_U) return hexEnd(text, at + 1);
  return at < text.length && SHORT_ESCAPES.includes(text.charAt(at)) ? at + 1 : ~at;
}

function isSpace(code: number): boolean {
  return code === SPACE || code === LINE_FEED || code === CARRIAGE_RETURN || code === TAB;
}

function hexEnd(text: string, start: number): number {
  for (let at = start; at < start + HEX_DIGITS; at++) {
    if (!isHexDigit(text.charCodeAt(at))) return ~at;
  }
  return start + HEX_DIGITS;
}

/** At least one digit. */
function digitsEnd(text: string, start: number): number {
  let at = start;
  while (isDigit(text.charCodeAt(at))) at++;
  return at === start ? ~start : at;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

function isHexDigit(code: number): boolean {
  // Bit 5 is all that tells a lower-case letter from its capital.
  const lower = code | 0x20;
  return isDigit(code) || (lower >= 0x61 && lower <= 0x66);
}
