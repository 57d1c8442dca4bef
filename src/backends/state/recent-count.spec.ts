import { describe, expect, it } from '@jest/globals';
import { RecentCount } from './recent-count.js';

describe('RecentCount', () => {
  const inTenSeconds = () => new RecentCount({ windowMs: 10_000, buckets: 10 });

  it('counts what happened within the window', () => {
    const count = inTenSeconds();
    count.add(0);
    count.add(4500);
    count.add(9999);
    expect(count.totalAt(9999)).toBe(3);
  });

  it('forgets a bucket when the window has moved past it', () => {
    const count = inTenSeconds();
    count.add(0);
    count.add(1500);
    expect(count.totalAt(10_000)).toBe(1);
    expect(count.totalAt(10_999)).toBe(1);
    expect(count.totalAt(11_000)).toBe(0);
  });

  it('forgets everything after a pause longer than the window', () => {
    const count = inTenSeconds();
    for (let atMs = 0; atMs < 10_000; atMs += 100) count.add(atMs);
    expect(count.totalAt(1_000_000_000)).toBe(0);
    count.add(1_000_000_000);
    expect(count.totalAt(1_000_000_000)).toBe(1);
  });

  it('starts anywhere in time', () => {
    const count = inTenSeconds();
    count.add(123_456_789);
    expect(count.totalAt(123_456_790)).toBe(1);
  });

  it('is empty after it was cleared', () => {
    const count = inTenSeconds();
    count.add(0);
    count.clear();
    expect(count.totalAt(0)).toBe(0);
    count.add(1000);
    expect(count.totalAt(10_500)).toBe(1);
  });
});
