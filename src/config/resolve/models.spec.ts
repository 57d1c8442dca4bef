import { describe, expect, it } from '@jest/globals';
import { loadedConfig } from '../../../test/support/gateway/loaded-config.js';
import { type OfferedModel, paramsFor, policyFor } from '../typed/offered-model.js';
import { type SluiceConfig } from '../typed/sluice-config.js';

function offeredIn({ models }: SluiceConfig, name: string): OfferedModel {
  const offered = models.find((model) => model.name === name);
  if (offered === undefined) throw new Error(`${name} is not offered`);
  return offered;
}

const A = { name: 'a', url: 'http://a' };
const B = { name: 'b', url: 'http://b' };
const set = (values: object) => ({ params: { set: values } });

describe('an offered model', () => {
  it('is what its entry says', () => {
    const config = loadedConfig({
      primary_backends: [A, B],
      models: {
        fast: {
          model: 'm',
          backends: ['b', 'b'],
          append_to_last_user_message: ' /no_think',
          affinity: 'prefix',
        },
        plain: {},
      },
    });
    expect(config.models).toMatchObject([
      {
        name: 'fast',
        model: 'm',
        backends: ['b'],
        appendToLastUserMessage: ' /no_think',
        affinity: { kind: 'prefix' },
      },
      { name: 'plain', model: null, backends: null, appendToLastUserMessage: null, affinity: null },
    ]);
    expect([...offeredIn(config, 'fast').servedOn.keys()]).toEqual(['b']);
    expect([...offeredIn(config, 'plain').servedOn.keys()]).toEqual(['a', 'b']);
  });

  it('inherits the affinity of the settings, and can turn it off', () => {
    const config = loadedConfig({
      primary_backends: [A],
      models: { inherits: {}, alone: { affinity: '' }, other: { affinity: 'header:X-A' } },
      settings: { affinity: 'prefix' },
    });
    expect(config.models.map(({ affinity }) => affinity)).toEqual([
      { kind: 'prefix' },
      null,
      { kind: 'header', name: 'x-a' },
    ]);
  });

  it('merges parameters and reasoning over the backend and the settings, key by key', () => {
    const config = loadedConfig({
      primary_backends: [
        { ...A, ...set({ one: 2, two: 2 }), reasoning: { output: 'strip', history: 'strip' } },
        B,
      ],
      models: { fast: { ...set({ two: 3 }), reasoning: { history: 'tags' } } },
      settings: { ...set({ zero: 1, one: 1, two: 1 }), reasoning: { input: 'think' } },
    });
    const fast = offeredIn(config, 'fast');
    const [a, b] = config.backends;
    if (a === undefined || b === undefined) throw new Error('two backends are listed');
    const said = (params: ReturnType<typeof paramsFor>) =>
      Object.fromEntries(params.set.map(({ name, json }) => [name, json]));
    expect(said(paramsFor(a, fast))).toEqual({ zero: '1', one: '2', two: '3' });
    expect(said(paramsFor(b, fast))).toEqual({ zero: '1', one: '1', two: '3' });
    expect(said(paramsFor(a, null))).toEqual({ zero: '1', one: '2', two: '2' });
    expect(policyFor(a, fast)).toMatchObject({ input: 'think', output: 'strip', history: 'tags' });
    expect(policyFor(b, fast)).toMatchObject({ input: 'think', output: 'tags', history: 'tags' });
    expect(policyFor(a, null)).toBe(a.reasoning);
    expect(policyFor(a, fast)).toBe(policyFor(a, fast));
  });

  it('leaves policy and parameters that it does not touch the very ones of the backend', () => {
    const config = loadedConfig({ primary_backends: [A], models: { plain: {} } });
    const [a] = config.backends;
    if (a === undefined) throw new Error('a backend is listed');
    expect(policyFor(a, offeredIn(config, 'plain'))).toBe(a.reasoning);
    expect(paramsFor(a, offeredIn(config, 'plain'))).toBe(a.params);
  });

  it('is frozen with what is merged for it', () => {
    const config = loadedConfig({ primary_backends: [A], models: { fast: set({ n: 1 }) } });
    const served = offeredIn(config, 'fast').servedOn.get('a');
    expect([served, served?.params, served?.params.set[0]].every(Object.isFrozen)).toBe(true);
  });

  it('is skipped with a warning where none of its backends has a url', () => {
    const { models, warnings } = loadedConfig({
      primary_backends: [A, { ...B, url: '' }],
      models: { off: { backends: ['b'] }, on: { backends: ['a', 'b'] } },
    });
    expect(models.map(({ name, backends }) => [name, backends])).toEqual([['on', ['a']]]);
    expect(warnings).toEqual([
      'primary_backends[1] is skipped: its url is empty',
      'models.off is skipped: none of its backends has a url',
    ]);
  });
});

describe('LLM_PARAMS', () => {
  it('replaces entries of the file one by one and adds the others', () => {
    const config = loadedConfig(
      {
        primary_backends: [A],
        models: { fast: { model: 'file', ...set({ one: 1 }) }, kept: { model: 'file' } },
      },
      { LLM_PARAMS: 'model=fast,n=2;model=new,upstream_model_name=env' },
    );
    expect(config.models.map(({ name, model }) => [name, model])).toEqual([
      ['fast', null],
      ['kept', 'file'],
      ['new', 'env'],
    ]);
    expect(offeredIn(config, 'fast').params.set).toEqual([{ name: 'n', json: '2' }]);
  });

  it('stops the start with the group and the key', () => {
    expect(() =>
      loadedConfig({ primary_backends: [A] }, { LLM_PARAMS: 'model=a;model=b,n=x' }),
    ).toThrow('LLM_PARAMS: group 2 (model b), n: must be a whole number or null');
  });
});
