import { describe, expect, it } from '@jest/globals';
import { type Ejectable, usedOf } from './ejection.js';

const well: Ejectable = { isDown: false, admitsAt: () => true };
const bad: Ejectable = { isDown: false, admitsAt: () => false };
const down: Ejectable = { isDown: true, admitsAt: () => false };

describe('usedOf', () => {
  it.each([
    ['all are well', [well, well], [well, well]],
    ['one of two fails', [well, bad], [well]],
    ['half of them fail', [bad, well, bad, well], [well, well]],
    ['more than half fail: all', [bad, well, bad], [bad, well, bad]],
    ['one is down', [well, down], [well]],
    ['most are down, which is known', [down, down, well, down], [well]],
    ['those up fail for the greater part', [down, down, bad, bad, well], [bad, bad, well]],
  ])('keeps in use, when %s', (_case, backends, usual) => {
    expect(usedOf(backends, 0).usual).toEqual(usual);
  });

  it('has none in usual use when all fail, and all that are up for want of better', () => {
    expect(usedOf([bad, down, bad], 0)).toEqual({ usual: null, forWantOfBetter: [bad, bad] });
  });

  it('never ejects the last one', () => {
    expect(usedOf([bad], 0).forWantOfBetter).toEqual([bad]);
  });

  it('uses none that is known to be down', () => {
    expect(usedOf([down, down], 0)).toEqual({ usual: null, forWantOfBetter: [] });
    expect(usedOf([], 0)).toEqual({ usual: null, forWantOfBetter: [] });
  });
});
