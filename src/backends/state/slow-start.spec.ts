import { describe, expect, it } from '@jest/globals';
import { slowStartShare } from './slow-start.js';

describe('slowStartShare', () => {
  it('is whole for a backend that never was away', () => {
    expect(slowStartShare(null, 0)).toBe(1);
  });

  it('grows from a tenth to the whole within 30 s', () => {
    const shares = [0, 10_000, 20_000, 30_000, 90_000].map((afterMs) =>
      slowStartShare(5000, 5000 + afterMs),
    );
    expect(shares).toEqual([0.1, expect.closeTo(0.4), expect.closeTo(0.7), 1, 1]);
  });
});
