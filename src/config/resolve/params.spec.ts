import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ParamsConfig } from '../typed/params-config.js';
import { mergeParams, parametersOf } from './params.js';

type Values = Readonly<Record<string, unknown>>;

const layer = (set: Values, fill: Values = {}, drop: readonly string[] = []): ParamsConfig => ({
  set: parametersOf(set),
  default: parametersOf(fill),
  drop,
});

describe('mergeParams', () => {
  it.each<[string, readonly ParamsConfig[], ParamsConfig]>([
    ['nothing', [], { set: [], default: [], drop: [] }],
    [
      'the stronger value, name by name',
      [layer({ a: 1, b: 1 }), layer({ b: 2 })],
      layer({ a: 1, b: 2 }),
    ],
    ['the stronger default', [layer({}, { a: 1 }), layer({}, { a: 2 })], layer({}, { a: 2 })],
    [
      'no default of what is set, whoever sets it',
      [layer({ a: 1 }), layer({}, { a: 2 })],
      layer({ a: 1 }),
    ],
    [
      'nothing that any layer drops',
      [layer({ a: 1 }, { b: 1 }, ['c']), layer({ c: 1 }, {}, ['a', 'b'])],
      layer({}, {}, ['c', 'a', 'b']),
    ],
    [
      'each dropped name once',
      [layer({}, {}, ['a']), layer({}, {}, ['a', 'a'])],
      layer({}, {}, ['a']),
    ],
  ])('leaves %s', (_what, layers, expected) => {
    expect(mergeParams(...layers)).toEqual(expected);
  });

  it('gives the same in steps', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd');
    const values = fc.dictionary(name, fc.nat({ max: 3 }));
    const anyLayer = fc.tuple(values, values, fc.array(name)).map((parts) => layer(...parts));
    fc.assert(
      fc.property(anyLayer, anyLayer, anyLayer, (one, two, three) => {
        expect(mergeParams(mergeParams(one, two), three)).toEqual(mergeParams(one, two, three));
      }),
      { numRuns: 2000 },
    );
  });
});
