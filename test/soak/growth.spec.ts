import { describe, expect, it } from '@jest/globals';
import { bytesPerRequest } from '../../soak/growth.mjs';

const REQUESTS = [1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000];

function looks(bytesAt: (requests: number, index: number) => number): [number, number][] {
  return REQUESTS.map((requests, index) => [requests, bytesAt(requests, index)]);
}

describe('bytesPerRequest', () => {
  it('is what is kept for each request, whatever was there before', () => {
    expect(bytesPerRequest(looks((requests) => 40e6 + 200 * requests))).toBe(200);
  });

  it('is nothing where all is let go', () => {
    expect(bytesPerRequest(looks(() => 40e6))).toBe(0);
  });

  it('is not moved by a look that is off', () => {
    expect(bytesPerRequest(looks((_requests, index) => (index === 5 ? 60e6 : 40e6)))).toBe(0);
  });

  it('finds what is kept under what comes and goes', () => {
    const uneven = looks((requests, index) => 40e6 + 200 * requests + (index % 2) * 1e5);
    expect(Math.round(bytesPerRequest(uneven))).toBe(200);
  });

  it('says nothing of a single look', () => {
    expect(bytesPerRequest([[1000, 40e6]])).toBeNaN();
  });
});
