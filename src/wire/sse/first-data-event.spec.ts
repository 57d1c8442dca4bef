import { describe, expect, it } from '@jest/globals';
import { createFirstDataEvent } from './first-data-event.js';

/** Index of the byte after which the event was found; -1 when it never was. */
function foundAt(text: string, chunkBytes: number): number {
  const event = createFirstDataEvent();
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    if (event.feed(bytes.subarray(at, at + chunkBytes))) return at;
  }
  return -1;
}

describe('createFirstDataEvent', () => {
  it.each([
    ['data: 1\n\n', true],
    ['data\n\n', true],
    [': comment\r\n\r\ndata:1\r\n\r\n', true],
    ['event: ping\rdata: {}\r\r', true],
    [': data: 1\n\n', false],
    ['database: 1\n\n', false],
    ['event: data:\n\n', false],
    ['dat', false],
    ['data', false],
    [' data: 1\n\n', false],
    ['\ufeffdata: 1\n\n', true],
    [': a\n\ufeffdata: 1\n\n', false],
  ])('%j is found: %s, however it is cut', (text, expected) => {
    for (let chunkBytes = 1; chunkBytes <= text.length; chunkBytes++) {
      expect([chunkBytes, foundAt(text, chunkBytes) >= 0]).toEqual([chunkBytes, expected]);
    }
  });

  it('stays found', () => {
    const event = createFirstDataEvent();
    expect(event.feed(Buffer.from('data: 1\n\n'))).toBe(true);
    expect(event.feed(Buffer.from(': comment\n\n'))).toBe(true);
  });
});
