import { describe, expect, it } from '@jest/globals';
import {
  byteString,
  bytesOfUtf8,
  isAscii,
  jsonStringBytes,
  textOfJsonString,
  utf8OfBytes,
} from './byte-text.js';

const latin1 = (...codes: number[]) => String.fromCharCode(...codes);

describe('byte strings', () => {
  it.each([
    ['', true],
    ['plain ~', true],
    [latin1(0x7f), true],
    [latin1(0x80), false],
    ['café', false],
    [`${'a'.repeat(100)}é`, false],
  ])('isAscii(%j) is %s', (text, expected) => {
    expect(isAscii(text)).toBe(expected);
  });

  it('are made of any part of a view of a buffer', () => {
    const bytes = Uint8Array.of(1, 0x61, 0xff, 0x62, 2).subarray(1, 4);
    expect(byteString(bytes)).toBe(latin1(0x61, 0xff, 0x62));
    expect(byteString(bytes, 1)).toBe(latin1(0xff, 0x62));
    expect(byteString(bytes, 0, 2)).toBe(latin1(0x61, 0xff));
    expect(byteString(bytes, 3)).toBe('');
  });

  it.each([
    ['plain', 'plain'],
    ['é', latin1(0xc3, 0xa9)],
    ['◁think▷', latin1(0xe2, 0x97, 0x81) + 'think' + latin1(0xe2, 0x96, 0xb7)],
    ['🌍', latin1(0xf0, 0x9f, 0x8c, 0x8d)],
    ['\ufeffx', latin1(0xef, 0xbb, 0xbf) + 'x'],
  ])('%j has its UTF-8 as bytes, and they read back', (text, bytes) => {
    expect(bytesOfUtf8(text)).toBe(bytes);
    expect(utf8OfBytes(bytes)).toBe(text);
  });

  it('reads malformed UTF-8 as replacement characters', () => {
    expect(utf8OfBytes(`a${latin1(0xff)}b${latin1(0xe2, 0x82)}`)).toBe('a\ufffdb\ufffd');
  });

  it('writes a lone surrogate as a replacement character', () => {
    expect(bytesOfUtf8('\ud83c')).toBe(latin1(0xef, 0xbf, 0xbd));
  });
});

describe('JSON string literals in bytes', () => {
  it.each([
    ['', '""'],
    ['plain', '"plain"'],
    ['a"b\\c\n\u0000', '"a\\"b\\\\c\\n\\u0000"'],
    ['é', `"${latin1(0xc3, 0xa9)}"`],
    ['\ud83c', '"\\ud83c"'],
    ['a\u2028b\u2029c\u0085', '"a\\u2028b\\u2029c\\u0085"'],
    ['\udf0d é', `"\\udf0d ${latin1(0xc3, 0xa9)}"`],
  ])('%j is written as its literal, and that reads back', (text, literal) => {
    expect(jsonStringBytes(text)).toBe(literal);
    expect(textOfJsonString(literal)).toBe(text);
  });

  it.each([
    ['"\\u003cthink\\u003e"', '<think>'],
    ['"\\/"', '/'],
    [`"\\n${latin1(0xc3, 0xa9)}"`, '\né'],
    ['"\\ud83c\\udf0d"', '🌍'],
    [`"${latin1(0xff)}"`, '\ufffd'],
  ])('reads the literal %j', (literal, text) => {
    expect(textOfJsonString(literal)).toBe(text);
  });

  it('refuses an escape that is none', () => {
    expect(() => textOfJsonString('"\\x"')).toThrow(SyntaxError);
  });
});
