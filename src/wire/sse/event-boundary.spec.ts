import { describe, expect, it } from '@jest/globals';
import { isBetweenEvents, STREAM_START, tailAfter } from './event-boundary.js';

describe('isBetweenEvents', () => {
  it('is true before the first byte', () => {
    expect(isBetweenEvents(STREAM_START)).toBe(true);
  });

  it.each([
    ['data: 1\n\n', true],
    ['data: 1\r\n\r\n', true],
    ['data: 1\r\r', true],
    ['data: 1\n\r\n', true],
    ['data: 1\r\n\n', true],
    ['data: 1\n', false],
    ['data: 1\r\n', false],
    ['data: 1\r', false],
    ['data: 1', false],
    ['data: 1\n\nd', false],
    [': comment\n\n', true],
  ])('after %j it is %s, however the stream is cut', (text, expected) => {
    for (let cut = 0; cut <= text.length; cut++) {
      const first = tailAfter(STREAM_START, Buffer.from(text.slice(0, cut)));
      const tail = tailAfter(first, Buffer.from(text.slice(cut)));
      expect([cut, isBetweenEvents(tail)]).toEqual([cut, expected]);
    }
  });
});
