import { describe, expect, it } from '@jest/globals';
import { backoffMs } from './backoff.js';

describe('backoffMs', () => {
  it('waits up to 50 ms, doubling up to 2 s', () => {
    const longest = [1, 2, 3, 4, 5, 6, 7, 8, 2000].map((retry) => backoffMs(retry, () => 1));
    expect(longest).toEqual([50, 100, 200, 400, 800, 1600, 2000, 2000, 2000]);
  });

  it('waits any time from nothing up', () => {
    expect([0, 0.25, 0.5].map((draw) => backoffMs(3, () => draw))).toEqual([0, 50, 100]);
  });
});
