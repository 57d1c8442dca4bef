import { describe, expect, it } from '@jest/globals';
import { FailureLoad } from './failure-load.js';

describe('FailureLoad', () => {
  it('counts a failure as three running requests, and half of it ten seconds later', () => {
    const load = new FailureLoad();
    expect(load.at(0)).toBe(0);
    load.add(1000);
    expect(load.at(1000)).toBe(3);
    expect(load.at(11_000)).toBe(1.5);
  });

  it('counts one that was turned away as one running request', () => {
    const load = new FailureLoad();
    load.addRefusal(0);
    expect([load.at(0), load.at(10_000)]).toEqual([1, 0.5]);
  });

  it('stops growing, so that it is forgotten within two minutes whatever happened', () => {
    const load = new FailureLoad();
    for (let failure = 0; failure < 100_000; failure++) load.add(0);
    expect(load.at(0)).toBe(1002);
    expect(load.at(120_000)).toBeLessThan(1);
  });
});
