import { describe, expect, it } from '@jest/globals';
import { isoTime } from './iso-time.js';

describe('isoTime', () => {
  it.each([
    ['2026-01-31 23:59:59', '2026-01-31T23:59:59.000Z'],
    ['2026-01-31 23:59:59.5', '2026-01-31T23:59:59.500Z'],
    ['2026-01-31 23:59:59.123', '2026-01-31T23:59:59.123Z'],
    ['2026-01-31 23:59:59.123456+00', '2026-01-31T23:59:59.123Z'],
  ])('reads %s', (text, time) => {
    expect(isoTime(text)).toBe(time);
  });

  it.each([[null], [12], ['infinity'], ['']])('gives null for %s', (text) => {
    expect(isoTime(text)).toBeNull();
  });
});
