import { describe, expect, it } from '@jest/globals';
import { type Contender, leastLoadedOfTwo } from './balancer.js';

interface Named extends Contender {
  readonly name: string;
}

function contender(name: string, { weight = 1, load = 0, served = 0 } = {}): Named {
  return { name, weightAt: () => weight, loadAt: () => load, servedAt: () => served };
}

/** Draws given in advance, from 0 up to 1. */
function draws(...numbers: readonly number[]): () => number {
  let at = 0;
  return () => numbers[at++ % numbers.length] ?? 0;
}

function chosen(contenders: readonly Named[], ...numbers: readonly number[]): string | null {
  return leastLoadedOfTwo(contenders, { nowMs: 0, random: draws(...numbers) })?.name ?? null;
}

describe('leastLoadedOfTwo', () => {
  it('chooses none of none', () => {
    expect(chosen([], 0)).toBeNull();
  });

  it('chooses the only one, however loaded', () => {
    expect(chosen([contender('a', { load: 1000 })], 0.9)).toBe('a');
  });

  it('takes the less loaded of the two it drew, in either order', () => {
    const both = [contender('a', { load: 2 }), contender('b', { load: 1 })];
    expect(chosen(both, 0)).toBe('b');
    expect(chosen(both, 0.9)).toBe('b');
  });

  it('looks at two only: an idle third is not found', () => {
    const three = [
      contender('a', { load: 3 }),
      contender('b', { load: 2 }),
      contender('c', { load: 0 }),
    ];
    expect(chosen(three, 0, 0)).toBe('b');
  });

  it('draws the second by the weights of the others', () => {
    const big = contender('big', { weight: 8, load: 8 });
    expect(chosen([big, contender('a'), contender('b')], 0, 0.4)).toBe('a');
    expect(chosen([big, contender('a'), contender('b')], 0, 0.6)).toBe('b');
  });

  it('never draws the same one twice', () => {
    const both = [contender('a', { load: 5 }), contender('b')];
    for (const draw of [0, 0.3, 0.6, 0.99]) expect(chosen(both, draw)).toBe('b');
  });

  it('draws by weight when nothing else tells them apart', () => {
    const both = [contender('big', { weight: 9 }), contender('small')];
    expect(chosen(both, 0.89)).toBe('big');
    expect(chosen(both, 0.91)).toBe('small');
  });

  it('does not move to a small backend for a single request at a big one', () => {
    const both = [contender('big', { weight: 9, load: 1 }), contender('small')];
    expect(chosen(both, 0)).toBe('big');
  });

  it('moves to the small one once the big one has as much for its weight', () => {
    const small = contender('small');
    expect(chosen([contender('big', { weight: 9, load: 8 }), small], 0)).toBe('big');
    expect(chosen([contender('big', { weight: 9, load: 9 }), small], 0)).toBe('small');
  });

  it('takes the one that got less for its weight lately when loads are alike', () => {
    const one = contender('a', { served: 10 });
    expect(chosen([one, contender('b', { served: 9 })], 0)).toBe('b');
    expect(chosen([one, contender('b', { served: 19, weight: 2 })], 0)).toBe('b');
    expect(chosen([one, contender('b', { served: 21, weight: 2 })], 0)).toBe('a');
  });

  it('lets the load decide over what they got lately', () => {
    const both = [contender('a', { load: 1, served: 0 }), contender('b', { load: 0, served: 99 })];
    expect(chosen(both, 0)).toBe('b');
  });
});
