import { describe, expect, it } from '@jest/globals';
import { JsonTextError, parseRequestJson } from './request-json.js';

function errorOf(bytes: Uint8Array): JsonTextError {
  try {
    parseRequestJson(bytes);
  } catch (error) {
    if (error instanceof JsonTextError) return error;
    throw error;
  }
  throw new Error('no error');
}

describe('parseRequestJson', () => {
  it('reads a value as JSON.parse does', () => {
    expect(parseRequestJson(Buffer.from(' {"a":[1.0,"é🌍"],"a":null} '))).toEqual({ a: null });
  });

  it('keeps a member called __proto__ a member', () => {
    const value = parseRequestJson(Buffer.from('{"__proto__":{"polluted":true}}'));
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(JSON.stringify(value)).toBe('{"__proto__":{"polluted":true}}');
  });

  it.each([
    ['', 'body is not valid JSON: unexpected end at position 0'],
    ['{"model":"gpt-oss', 'body is not valid JSON: unexpected end at position 17'],
    ['{"a":1,}', "body is not valid JSON: unexpected '}' at position 7"],
    ['{"a" 1}', "body is not valid JSON: unexpected '1' at position 5"],
    ['{"a":tru }', 'body is not valid JSON: unexpected U+0020 at position 8'],
    ['["a\tb"]', 'body is not valid JSON: unexpected U+0009 at position 3'],
    ['["\\x"]', "body is not valid JSON: unexpected 'x' at position 3"],
    ['["\\u00g0"]', "body is not valid JSON: unexpected 'g' at position 6"],
    ['[01]', "body is not valid JSON: unexpected '1' at position 2"],
    ['[1.]', "body is not valid JSON: unexpected ']' at position 3"],
    ['[-]', "body is not valid JSON: unexpected ']' at position 2"],
    ['1e+', 'body is not valid JSON: unexpected end at position 3'],
    ['{} é', 'body is not valid JSON: unexpected U+00E9 at position 3'],
    ['{"é":}', "body is not valid JSON: unexpected '}' at position 5"],
    ['\ufeff{}', 'body is not valid JSON: unexpected U+FEFF at position 0'],
    ['['.repeat(513), 'body is not valid JSON: nested deeper than 512 levels'],
  ])('of %j says what is wrong and where', (text, message) => {
    expect(errorOf(Buffer.from(text))).toMatchObject({ kind: 'not-json', message });
  });

  it('shows no more of the body than one character', () => {
    expect(errorOf(Buffer.from('{"key":"sk-secret" oops}')).message).toBe(
      "body is not valid JSON: unexpected 'o' at position 19",
    );
  });

  it.each([
    ['a byte that never occurs', [0x22, 0xff, 0x22]],
    ['a cut sequence', [0x22, 0xe2, 0x82, 0x22]],
    ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['an overlong form', [0x22, 0xc0, 0xaf, 0x22]],
    ['UTF-16', [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]],
  ])('refuses %s as UTF-8', (_, bytes) => {
    expect(errorOf(Uint8Array.from(bytes))).toMatchObject({
      kind: 'not-utf8',
      message: 'body is not valid UTF-8',
    });
  });
});
