import { describe, expect, it } from '@jest/globals';
import { retryAfterMs } from './retry-after.js';

// Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110 §5.6.7.
const DATE_MS = 784_111_777_000;

describe('retryAfterMs', () => {
  it.each([
    ['0', 0],
    ['3', 3000],
    [' 60 ', 60_000],
    ['61', 60_000],
    ['9999999999', 60_000],
  ])('reads the seconds of %j, up to a minute', (value, expected) => {
    expect(retryAfterMs(value, DATE_MS)).toBe(expected);
  });

  it.each([
    'Sun, 06 Nov 1994 08:49:37 GMT',
    'Sunday, 06-Nov-94 08:49:37 GMT',
    'Sun Nov  6 08:49:37 1994 GMT',
  ])('reads the date %s', (value) => {
    expect(retryAfterMs(value, DATE_MS - 5000)).toBe(5000);
    expect(retryAfterMs(value, DATE_MS - 3_600_000)).toBe(60_000);
    expect(retryAfterMs(value, DATE_MS + 5000)).toBe(0);
  });

  it.each([null, '', 'soon', '-1', '1.5', '0x10', '1e3', 'Sun, never'])(
    'reads nothing in %j',
    (value) => {
      expect(retryAfterMs(value, DATE_MS)).toBeNull();
    },
  );
});
