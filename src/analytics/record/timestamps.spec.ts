import { expect, it } from '@jest/globals';
import { Timestamps } from './timestamps.js';

it('writes times as Date does, in any order', () => {
  const timestamps = new Timestamps();
  const times = [
    0, 7, 89, 999, 1000, 999, 1_767_323_045_678, 1_767_323_045_008, 253_402_300_799_999,
  ];
  for (const time of times) expect(timestamps.iso(time)).toBe(new Date(time).toISOString());
});
