import { describe, expect, it } from '@jest/globals';
import { DecayingSum } from './decaying-sum.js';

describe('DecayingSum', () => {
  it('counts half after each half-life', () => {
    const sum = new DecayingSum(1000);
    sum.add(8, 500);
    expect([500, 1500, 2500, 3500].map((atMs) => sum.at(atMs))).toEqual([8, 4, 2, 1]);
  });

  it('adds to what is left', () => {
    const sum = new DecayingSum(1000);
    sum.add(8, 0);
    sum.add(1, 2000);
    expect(sum.at(2000)).toBe(3);
  });

  it('is nothing before the first addition and after it was cleared', () => {
    const sum = new DecayingSum(1000);
    expect(sum.at(5000)).toBe(0);
    sum.add(1, 5000);
    sum.clear();
    expect(sum.at(5000)).toBe(0);
  });
});
