import { describe, expect, it } from '@jest/globals';
import { cutBefore, cutBehind } from './event-cuts.js';

describe('cutBehind', () => {
  it.each([
    ['a\n\nb', 3],
    ['a\r\rb', 3],
    ['a\r\n\r\nb', 5],
    ['a\n\r\nb', 4],
    ['a\r\n\rb', 4],
    ['a\n\n\n\nb\n\n', 5],
    ['a\nb\r\nc\rd\n\ne', 10],
    ['a\r\nb', 4],
    ['a\n', 2],
    ['', 0],
  ])('finds the end of the first event of %j', (text, expected) => {
    expect(cutBehind(Buffer.from(text), 0, text.length)).toBe(expected);
  });

  it('looks no further than it is told to', () => {
    expect(cutBehind(Buffer.from('ab\n\nc\n\n'), 1, 3)).toBe(3);
  });

  it('finds the place that is found from behind', () => {
    const ends = ['\n', '\r', '\r\n', '\n\n', '\r\r', '\n\r', '\r\n\r\n', '\n\r\n', '\r\r\n'];
    for (const end of ends) {
      const bytes = Buffer.from(`x${end}y`);
      const isCut = cutBehind(bytes, 0, bytes.length) < bytes.length;
      expect(cutBefore(bytes, bytes.length, 0)).toBe(isCut ? bytes.length - 1 : -1);
    }
  });
});
