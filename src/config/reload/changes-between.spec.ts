import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../load-config.js';
import { type SluiceConfig } from '../typed/sluice-config.js';
import { changesBetween } from './changes-between.js';
import { keepUnchanged } from './keep-unchanged.js';

function load(config: object): SluiceConfig {
  return loadConfig({
    env: {},
    cwd: '/srv',
    readFile: (path) => {
      if (path === '/srv/config.json') return JSON.stringify(config);
      throw Object.assign(new Error(path), { code: 'ENOENT' });
    },
  });
}

const A = { name: 'a', url: 'http://a' };
const B = { name: 'b', url: 'http://b' };
const LOCAL = { listen: '127.0.0.1:1' };
const withA = (keys: object) => ({ primary_backends: [{ ...A, ...keys }], settings: LOCAL });
const withSettings = (keys: object) => ({
  primary_backends: [A],
  settings: { ...LOCAL, ...keys },
});
const withModels = (models: object) => ({ ...withA({}), models });

const changes = (current: object, next: object) => changesBetween(load(current), load(next));

describe('changesBetween', () => {
  it.each<[object, object, readonly string[]]>([
    [withA({}), withA({ weight: 1, models: ['*'] }), []],
    [withA({}), withA({ weight: 2 }), ['backend "a": weight 1 → 2']],
    [withA({}), withA({ url: 'http://c' }), ['backend "a": url http://a/v1 → http://c/v1']],
    [
      withA({}),
      withA({ api_key: 'sentinel' }),
      ['backend "a": key the client\'s Authorization is passed on → its own, [secret]'],
    ],
    [
      withA({ api_key: 'sentinel-1' }),
      withA({ api_key: 'sentinel-2' }),
      ['backend "a": key changed'],
    ],
    [
      withA({ headers: { x: 'sentinel-1' } }),
      withA({ headers: { x: 'sentinel-2' } }),
      ['backend "a": headers changed'],
    ],
    [
      withA({ params: { set: { n: 1, user: 'sentinel' } } }),
      withA({ params: { set: { n: 2, user: 'sentinel' } } }),
      ['backend "a": params set n = 1, user = [text] → set n = 2, user = [text]'],
    ],
    [withA({ model: 'm' }), withA({}), ['backend "a": asked for m, whatever was requested → none']],
    [
      { primary_backends: [A], settings: LOCAL },
      { primary_backends: [B], settings: LOCAL },
      ['backend "a" removed', 'backend "b" added'],
    ],
    [
      { primary_backends: [A, B], settings: LOCAL },
      { primary_backends: [B, A], settings: LOCAL },
      ['the backends stand in another order'],
    ],
    [
      { primary_backends: [A, B], settings: LOCAL },
      { primary_backends: [A], fallback_backends: [B], settings: LOCAL },
      ['backend "b": role primary → fallback'],
    ],
    [
      withModels({ old: {}, kept: { model: 'm' } }),
      withModels({ kept: { model: 'n' }, new: {} }),
      ['model "old" removed', 'model "kept": sent as m → n', 'model "new" added'],
    ],
    [
      withModels({ a: { reasoning: { input: { open: 'x', close: 'y' } } } }),
      withModels({ a: { reasoning: { input: { open: 'x', close: 'y', join: ' ' } } } }),
      ['model "a": reasoning changed'],
    ],
    [
      withSettings({}),
      withSettings({ listen: '127.0.0.1:2', drain: { delay: 1 }, log: { level: 'warn' } }),
      [
        'settings: listen 127.0.0.1:1 → 127.0.0.1:2',
        'settings: drain 5 s unready, then up to 300 s → 1 s unready, then up to 300 s',
        'settings: log info → warn',
      ],
    ],
  ])('from %j to %j', (current, next, expected) => {
    expect(changes(current, next)).toEqual(expected);
  });

  it('tells a hundred changes and counts the rest', () => {
    const many = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`m${index}`, {}]));
    const told = changes(withModels({}), withModels(many));
    expect(told).toHaveLength(101);
    expect(told.at(-1)).toBe('50 more changes');
  });
});

describe('keepUnchanged', () => {
  const both = { primary_backends: [A, B], models: { one: {}, two: {} }, settings: LOCAL };

  it('is the current configuration where the next one means the same', () => {
    const current = load(both);
    expect(keepUnchanged(current, load(both))).toBe(current);
  });

  it('keeps what did not change, and only that', () => {
    const current = load(both);
    const next = keepUnchanged(
      current,
      load({
        ...both,
        primary_backends: [{ ...A, weight: 2 }],
        fallback_backends: [B],
        models: { one: { model: 'm' }, two: { backends: ['a'] } },
      }),
    );
    expect(next.backends[0]).not.toBe(current.backends[0]);
    expect(next.backends[0]?.weight).toBe(2);
    expect(next.fallbackBackends[0]).toBe(current.backends[1]);
    expect(next.models[0]).not.toBe(current.models[0]);
    expect(next.settings).toBe(current.settings);
    expect(Object.isFrozen(next.backends)).toBe(true);
  });

  it('takes a secret that changed for a change', () => {
    const keyed = (key: string) => load(withA({ api_key: key }));
    const next = keepUnchanged(keyed('k1'), keyed('k2'));
    expect(next.backends[0]?.apiKey?.reveal()).toBe('k2');
  });
});
