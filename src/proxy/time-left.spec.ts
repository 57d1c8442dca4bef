import { describe, expect, it } from '@jest/globals';
import { hadMostOf } from './time-left.js';

const TIMEOUTS = { connectMs: 1, headersMs: 1, firstTokenMs: 10, idleMs: 1, totalMs: 20 };

describe('hadMostOf', () => {
  it.each([
    ['total', 10, true],
    ['total', 11, false],
    ['first_token', 5, true],
    ['first_token', 6, false],
    ['headers', 1_000, true],
    ['idle', 1_000, true],
    ['connect', 1_000, true],
    [null, 1_000, true],
  ] as const)('of %s for an attempt that began after %i ms: %s', (phase, startMs, expected) => {
    expect(hadMostOf(phase, startMs, TIMEOUTS)).toBe(expected);
  });
});
