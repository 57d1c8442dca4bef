import { describe, expect, it } from '@jest/globals';
import { backoffMs } from './backoff.js';

const BACKOFF = { firstMs: 50, capMs: 2000 };

describe('backoffMs', () => {
  it('doubles what it waits at most, up to the cap', () => {
    const longest = [1, 2, 3, 4, 5, 6, 7, 8, 2000].map((failure) =>
      backoffMs(failure, BACKOFF, () => 1),
    );
    expect(longest).toEqual([50, 100, 200, 400, 800, 1600, 2000, 2000, 2000]);
  });

  it('waits any time from nothing up', () => {
    const draws = [0, 0.25, 0.5].map((draw) => backoffMs(3, BACKOFF, () => draw));
    expect(draws).toEqual([0, 50, 100]);
  });
});
