import { describe, expect, it } from '@jest/globals';
import { ConfigStore } from '../config/config-store.js';
import { Clock } from '../exchange/clock.js';
import { configOf } from '../../test/support/config.js';
import { UsageRefusals } from './usage-refusals.js';

class SetClock extends Clock {
  nowMs = 0;

  override monotonicMs(): number {
    return this.nowMs;
  }
}

function refusals() {
  const clock = new SetClock();
  const store = new ConfigStore(configOf([]));
  return { clock, store, refusals: new UsageRefusals(store, clock) };
}

describe('UsageRefusals', () => {
  it('remembers a backend for an hour', () => {
    const { clock, refusals: known } = refusals();
    known.note('a');
    clock.nowMs = 3_599_999;
    expect([known.has('a'), known.has('b')]).toEqual([true, false]);
    clock.nowMs = 3_600_000;
    expect(known.has('a')).toBe(false);
  });

  it('forgets when the configuration changes', () => {
    const { store, refusals: known } = refusals();
    known.note('a');
    store.swap(configOf([]));
    expect(known.has('a')).toBe(false);
  });

  it('remembers no more than 1,024', () => {
    const { refusals: known } = refusals();
    for (let index = 0; index <= 1024; index++) known.note(`${index}`);
    expect([known.has('0'), known.has('1024')]).toEqual([false, true]);
  });
});
