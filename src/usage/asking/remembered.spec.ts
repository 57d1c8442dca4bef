import { describe, expect, it } from '@jest/globals';
import { Clock } from '../../exchange/timing/clock.js';
import { Remembered } from './remembered.js';

const MAX_NAMES = 1_024;

function full(): Remembered {
  const known = new Remembered(new Clock(), 3_600_000);
  for (let index = 0; index < MAX_NAMES; index++) known.note(`${index}`);
  return known;
}

describe('Remembered', () => {
  it('forgets the oldest of more than 1,024', () => {
    const known = full();
    known.note('0');
    known.note('new');
    expect(['0', '1', '2', '1023', 'new'].map((name) => known.has(name))).toEqual([
      ...[true, false],
      ...[true, true, true],
    ]);
  });

  it('forgets none for a name that it knows', () => {
    const known = full();
    known.note('5');
    expect(['0', '5', '1023'].every((name) => known.has(name))).toBe(true);
  });
});
