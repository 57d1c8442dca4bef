import { describe, expect, it } from '@jest/globals';
import { TokenGaps } from './token-gaps.js';

describe('TokenGaps', () => {
  it('tells any share of the gaps within a tenth', () => {
    const gaps = new TokenGaps();
    for (let gapMs = 1; gapMs <= 1000; gapMs++) gaps.note(gapMs);
    for (const share of [0.01, 0.1, 0.5, 0.9, 0.99, 1]) {
      const exact = share * 1000;
      expect(Math.abs(gaps.quantileMs(share) - exact) / exact).toBeLessThan(0.1);
    }
  });

  it('takes a single gap for every share of them', () => {
    const gaps = new TokenGaps();
    gaps.note(40);
    for (const share of [0, 0.5, 1]) {
      expect(Math.abs(gaps.quantileMs(share) - 40)).toBeLessThan(4);
    }
  });

  it('bears gaps of nothing and of hours', () => {
    const gaps = new TokenGaps();
    gaps.note(0);
    gaps.note(86_400_000);
    expect(gaps.quantileMs(0.5)).toBeLessThan(0.05);
    expect(gaps.quantileMs(1)).toBeGreaterThan(1_000_000);
  });

  it('knows nothing of a stream without gaps', () => {
    expect(new TokenGaps().quantileMs(0.5)).toBe(0);
  });
});
