/**
 * Byte strings: strings in which every character code is one byte, as `buffer.latin1Slice()` makes
 * them. They let the stream path search JSON with the engine's string operations while every byte,
 * even of broken UTF-8, survives unchanged. A byte string is not readable text before
 * {@link utf8OfBytes}.
 */

const FIRST_NON_ASCII = 0x80;
const QUOTED = 1;

/** Bytes as a byte string, from `start` to before `end`, which are within them. */
export function byteString(bytes: Uint8Array, start = 0, end = bytes.length): string {
  return asBuffer(bytes).toString('latin1', start, end);
}

/** The same bytes as a `Buffer`; what comes from a socket is one, and costs nothing. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Whether `text` holds only US-ASCII, so that its byte string and its text are the same string. */
export function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) >= FIRST_NON_ASCII) return false;
  }
  return true;
}

/**
 * Reads a byte string as UTF-8.
 *
 * @param bytes - a byte string; a code above 255 loses its high bits.
 * @returns the text; each malformed sequence becomes U+FFFD (WHATWG Encoding, UTF-8 decoder), and a
 * byte order mark stays.
 */
export function utf8OfBytes(bytes: string): string {
  return isAscii(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8');
}

/**
 * Writes text as the byte string of its UTF-8.
 *
 * @param text - any text; a lone surrogate, which UTF-8 cannot hold, becomes U+FFFD.
 */
export function bytesOfUtf8(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** What ends lines elsewhere than in event streams, and is not escaped in JSON as it is. */
const OTHER_LINE_END = /[\u0085\u2028\u2029]/g;

/**
 * Writes text as a JSON string literal.
 *
 * @returns the literal with its quotes, as a byte string; a lone surrogate is written as its
 * `\u` escape (ECMA-262, QuoteJSONString), so that {@link textOfJsonString} gives it back, and so is
 * what ends lines to some readers of event streams, Python's `splitlines` for one.
 */
export function jsonStringBytes(text: string): string {
  const literal = JSON.stringify(text);
  return isAscii(literal) ? literal : bytesOfUtf8(literal.replace(OTHER_LINE_END, escaped));
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * Reads a JSON string literal.
 *
 * @param literalBytes - a well-formed literal with its quotes, as a byte string.
 * @returns its text with escapes and UTF-8 decoded; a lone surrogate that was escaped stays one.
 * @throws SyntaxError when it is no JSON string literal and holds a backslash or a byte above 127;
 * without either it is not looked at twice.
 */
export function textOfJsonString(literalBytes: string): string {
  const inner = literalBytes.slice(QUOTED, -QUOTED);
  if (!inner.includes('\\')) return utf8OfBytes(inner);
  return decodedLiteral(utf8OfBytes(literalBytes));
}

function decodedLiteral(literal: string): string {
  const value: unknown = JSON.parse(literal);
  if (typeof value !== 'string') throw new SyntaxError('not a JSON string literal');
  return value;
}
