import { describe, expect, it } from '@jest/globals';
import { hashOf } from './key-hash.js';
import { type HashedContender, rendezvous } from './rendezvous.js';

interface Named extends HashedContender {
  readonly name: string;
}

function contender(name: string, { weight = 1, load = 0 } = {}): Named {
  const nameHash = hashOf(name);
  return { name, weight, nameHash, weightAt: () => weight, loadAt: () => load, servedAt: () => 0 };
}

const KEYS = Array.from({ length: 10_000 }, (_, at) => hashOf(`conversation ${at}`));

function places(contenders: readonly Named[]): (string | undefined)[] {
  return KEYS.map((key) => rendezvous(contenders, key, 0)?.name);
}

function countOf(name: string, among: readonly (string | undefined)[]): number {
  return among.filter((place) => place === name).length;
}

describe('rendezvous', () => {
  const [a, b, c, d] = [contender('a'), contender('b'), contender('c'), contender('d')];

  it('chooses none of none', () => {
    expect(rendezvous([], 1, 0)).toBeNull();
  });

  it('gives a key the same place in whatever order the backends are listed', () => {
    expect(places([d, b, a, c])).toEqual(places([a, b, c, d]));
  });

  it('spreads keys by weight, within 5%', () => {
    const found = places([a, b, contender('c', { weight: 2 })]);
    for (const name of ['a', 'b']) expect(Math.abs(countOf(name, found) - 2500)).toBeLessThan(125);
    expect(Math.abs(countOf('c', found) - 5000)).toBeLessThan(250);
  });

  it('moves only the keys of a backend that goes away', () => {
    const before = places([a, b, c, d]);
    const after = places([a, b, c]);
    const moved = before.filter((place, at) => place !== after[at]);
    expect(countOf('d', moved)).toBe(moved.length);
    expect(moved.length).toBe(countOf('d', before));
  });

  it('moves keys only to a backend that comes', () => {
    const before = places([a, b, c]);
    const after = places([a, b, c, d]);
    expect(after.filter((place, at) => place !== 'd' && place !== before[at])).toEqual([]);
  });

  it('passes over a backend at 1.25 times its share of the load, and only then', () => {
    const key = KEYS.find((each) => rendezvous([a, b], each, 0) === a) ?? 0;
    const placeOf = (loadOfA: number, loadOfB: number) =>
      rendezvous([contender('a', { load: loadOfA }), contender('b', { load: loadOfB })], key, 0)
        ?.name;
    // The bound is 1.25 × 20 / 2, rounded up: 13.
    expect(placeOf(12, 7)).toBe('a');
    expect(placeOf(13, 6)).toBe('b');
  });

  it('sends the keys of an overloaded backend to different ones', () => {
    const busy = contender('a', { load: 100 });
    const keysOfA = KEYS.filter((key) => rendezvous([a, b, c], key, 0) === a);
    const next = keysOfA.map((key) => rendezvous([busy, b, c], key, 0)?.name);
    expect(countOf('a', next)).toBe(0);
    expect(countOf('b', next) / next.length).toBeGreaterThan(0.4);
    expect(countOf('c', next) / next.length).toBeGreaterThan(0.4);
  });

  it('always finds a place', () => {
    for (let load = 0; load < 50; load++) {
      const contenders = [contender('a', { load }), contender('b', { load, weight: 0.1 })];
      expect(rendezvous(contenders, KEYS[load] ?? 0, 0)).not.toBeNull();
    }
  });
});
