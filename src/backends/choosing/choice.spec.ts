import { beforeEach, describe, expect, it } from '@jest/globals';
import { BackendState } from '../state/backend-state.js';
import { chooseBackend, type ChoiceQuery } from './choice.js';
import { hashOf } from './key-hash.js';

const DOWN = { status: 'down', latencyMs: 1, lastError: 'refused' } as const;

describe('chooseBackend', () => {
  let a: BackendState;
  let b: BackendState;
  let fallback: BackendState;

  beforeEach(() => {
    const share = { weight: 1, maxInFlight: 1 };
    a = new BackendState('a', share);
    b = new BackendState('b', share);
    fallback = new BackendState('fallback', share);
  });

  function choose(query: Partial<ChoiceQuery> = {}): string {
    const choice = chooseBackend({
      tiers: [[a, b], [fallback]],
      tried: [],
      preference: { by: 'load' },
      nowMs: 0,
      random: () => 0,
      ...query,
    });
    return choice.kind === 'chosen' ? choice.backend.name : choice.kind;
  }

  function answer(backend: BackendState, status: number, retryAfterMs: number | null): void {
    const use = backend.begin(0);
    use.answered(status, retryAfterMs, 0);
    use.end();
  }

  const trip = (backend: BackendState) => {
    for (let time = 0; time < 5; time++) answer(backend, 503, null);
  };
  const hold = (backend: BackendState) => {
    answer(backend, 429, 5000);
  };
  const fill = (backend: BackendState) => backend.begin(0);
  const lose = (backend: BackendState) => {
    backend.probed(DOWN, 0);
    backend.probed(DOWN, 0);
  };

  it('takes the first it draws when all are well', () => {
    expect(choose()).toBe('a');
    expect(choose({ random: () => 0.9 })).toBe('b');
  });

  it.each([
    ['full', fill],
    ['ejected', trip],
    ['held back', hold],
    ['down', lose],
  ])('passes over one that is %s', (_state, make) => {
    make(a);
    expect(choose()).toBe('b');
  });

  it.each([
    ['full', fill],
    ['ejected', trip],
    ['held back', hold],
    ['down', lose],
  ])('falls back when all that come first are %s', (_state, make) => {
    make(a);
    make(b);
    expect(choose()).toBe('fallback');
  });

  it('comes back from the fallback when one is on trial', () => {
    trip(a);
    trip(b);
    expect(choose({ nowMs: 5000 })).toBe('a');
  });

  it('says full when every one that is well is full', () => {
    lose(a);
    [b, fallback].forEach(fill);
    expect(choose()).toBe('full');
  });

  it('does not turn to ejected or held ones because the others are full', () => {
    trip(a);
    hold(b);
    fill(fallback);
    expect(choose()).toBe('full');
  });

  it('uses one that asked for a pause where there is nothing better', () => {
    trip(a);
    [b, fallback].forEach(hold);
    expect(choose()).toBe('b');
  });

  it('uses ejected ones where there is nothing better, but none that is down', () => {
    lose(a);
    [b, fallback].forEach(trip);
    expect(choose()).toBe('b');
  });

  it('finds none when all are down', () => {
    [a, b, fallback].forEach(lose);
    expect(choose()).toBe('none');
  });

  it('finds none among none', () => {
    expect(choose({ tiers: [] })).toBe('none');
  });

  describe('for a further attempt', () => {
    it('takes one that was not tried, falling back in the end', () => {
      expect(choose({ tried: [a] })).toBe('b');
      expect(choose({ tried: [a, b] })).toBe('fallback');
      expect(choose({ tried: [a, b, fallback] })).toBe('none');
    });

    it.each([
      ['ejected', trip],
      ['held back', hold],
      ['down', lose],
    ])('takes none that is %s', (_state, make) => {
      make(b);
      expect(choose({ tiers: [[a, b]], tried: [a] })).toBe('none');
    });
  });

  describe('by key', () => {
    const keys = Array.from({ length: 100 }, (_, at) => hashOf(String(at)));
    const placesOf = () => keys.map((key) => choose({ preference: { by: 'key', key } }));

    it('sends equal keys to one place and different ones to all of the tier', () => {
      expect(placesOf()).toEqual(placesOf());
      expect(new Set(placesOf())).toEqual(new Set(['a', 'b']));
    });

    it('passes over a full one', () => {
      fill(a);
      expect(new Set(placesOf())).toEqual(new Set(['b']));
    });
  });

  describe('by order', () => {
    const preference = { by: 'order' } as const;

    it('takes the first, whatever is drawn', () => {
      expect(choose({ preference, random: () => 0.9 })).toBe('a');
    });

    it('takes the next when the first is ejected or down', () => {
      trip(a);
      expect(choose({ preference })).toBe('b');
      lose(b);
      expect(choose({ preference })).toBe('fallback');
    });

    it('waits for the first rather than go to another place', () => {
      fill(a);
      expect(choose({ preference })).toBe('full');
    });

    it('stays with one that asked for a pause', () => {
      hold(a);
      expect(choose({ preference })).toBe('a');
    });
  });
});
