import { describe, expect, it } from '@jest/globals';
import { configOf } from '../../../test/support/gateway/config.js';
import { ConfigStore } from '../../config/config-store.js';
import { Clock } from '../../exchange/timing/clock.js';
import { type Asked, UsageRefusals } from './usage-refusals.js';

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

const at = (backend: string, model: string | null = 'm'): Asked => ({ backend, model });

describe('UsageRefusals', () => {
  it('remembers a refusal for an hour, of one model', () => {
    const { clock, refusals: known } = refusals();
    known.note(at('a'));
    clock.nowMs = 3_599_999;
    expect([known.has(at('a')), known.has(at('a', 'n')), known.has(at('b'))]).toEqual([
      true,
      false,
      false,
    ]);
    clock.nowMs = 3_600_000;
    expect(known.has(at('a'))).toBe(false);
  });

  it('goes on asking where an answer came after the refusal', () => {
    const { refusals: known } = refusals();
    known.note(at('a'));
    known.noteAnswer(at('a'));
    expect(known.has(at('a'))).toBe(false);
  });

  it('asks nothing for ten seconds after a refusal where there had been an answer', () => {
    const { clock, refusals: known } = refusals();
    known.noteAnswer(at('a'));
    known.note(at('a'));
    clock.nowMs = 9_999;
    expect([known.has(at('a')), known.has(at('a', 'n'))]).toEqual([true, false]);
    clock.nowMs = 10_000;
    expect(known.has(at('a'))).toBe(false);
  });

  it('remembers an answer for an hour, of one model', () => {
    const { clock, refusals: known } = refusals();
    known.noteAnswer(at('a'));
    known.noteAnswer(at('b', null));
    clock.nowMs = 3_599_999;
    const places = [at('a'), at('a', 'n'), at('a', null), at('b', null)];
    expect(places.map((asked) => known.hasAnswer(asked))).toEqual([true, false, false, true]);
    clock.nowMs = 3_600_000;
    expect(known.hasAnswer(at('a'))).toBe(false);
  });

  it('asks nothing for ten seconds after a repeat in vain, of that model', () => {
    const { clock, refusals: known } = refusals();
    known.noteInVain(at('a'));
    clock.nowMs = 9_999;
    expect([known.has(at('a')), known.has(at('a', 'n'))]).toEqual([true, false]);
    clock.nowMs = 10_000;
    expect(known.has(at('a'))).toBe(false);
  });

  it('goes on asking where an answer came before the repeat was over', () => {
    const { refusals: known } = refusals();
    known.noteAnswer(at('a'));
    known.noteInVain(at('a'));
    expect(known.has(at('a'))).toBe(false);
  });

  it('forgets when the configuration changes', () => {
    const { store, refusals: known } = refusals();
    known.note(at('a'));
    known.noteAnswer(at('b'));
    known.note(at('b'));
    known.noteInVain(at('c'));
    store.swap(configOf([]));
    expect(['a', 'b', 'c'].some((name) => known.has(at(name)))).toBe(false);
    expect(known.hasAnswer(at('b'))).toBe(false);
    known.noteAnswer(at('b'));
    expect(known.has(at('b'))).toBe(false);
  });

  it('remembers no more than 1,024, and of a name no more than 256 characters', () => {
    const { refusals: known } = refusals();
    for (let index = 0; index <= 1024; index++) known.note(at(`${index}`));
    expect([known.has(at('0')), known.has(at('1024'))]).toEqual([false, true]);
    known.noteAnswer(at('a', 'x'.repeat(256)));
    expect(known.hasAnswer(at('a', 'x'.repeat(300)))).toBe(true);
  });
});
