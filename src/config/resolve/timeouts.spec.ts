import { describe, expect, it } from '@jest/globals';
import { TimeoutSection } from '../sections/timeout.section.js';
import { resolveTimeouts } from './timeouts.js';

const inherited = { connectMs: 1, headersMs: 2, firstTokenMs: 3, idleMs: 4, totalMs: 5 };

describe('resolveTimeouts', () => {
  it.each<[number | object | undefined, object]>([
    [undefined, {}],
    [600, { connectMs: 5000, headersMs: 600_000, firstTokenMs: 0, idleMs: 600_000, totalMs: 0 }],
    [2, { connectMs: 2000, headersMs: 2000, firstTokenMs: 0, idleMs: 2000, totalMs: 0 }],
    [0.25, { connectMs: 250, headersMs: 250, firstTokenMs: 0, idleMs: 250, totalMs: 0 }],
    [0, { connectMs: 5000, headersMs: 0, firstTokenMs: 0, idleMs: 0, totalMs: 0 }],
    [{}, {}],
    [{ idle: 0 }, { idleMs: 0 }],
    [
      { first_token: 30, total: 0.0001 },
      { firstTokenMs: 30_000, totalMs: 1 },
    ],
    [
      { connect: 1.5, headers: 7 },
      { connectMs: 1500, headersMs: 7000 },
    ],
  ])('resolves %j', (timeout, expected) => {
    const section =
      typeof timeout === 'object' ? Object.assign(new TimeoutSection(), timeout) : timeout;
    expect(resolveTimeouts(section, inherited)).toEqual({ ...inherited, ...expected });
  });
});
