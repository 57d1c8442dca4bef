import { describe, expect, it } from '@jest/globals';
import { LatenessWatch } from './event-loop-delay.js';

describe('LatenessWatch', () => {
  it('takes one long task, however few samples there are beside it, for no load', () => {
    const watch = new LatenessWatch();
    expect([1200, 0, 900, 30].map((meanMs) => watch.isLateAfter(meanMs))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('sees that a delay lasts when two looks in a row find it, and when it is over', () => {
    const watch = new LatenessWatch();
    expect([250, 250, 201, 200, 250, 250].map((meanMs) => watch.isLateAfter(meanMs))).toEqual([
      false,
      true,
      true,
      false,
      false,
      true,
    ]);
  });
});
