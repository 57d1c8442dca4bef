import { describe, expect, it } from '@jest/globals';
import { codeBlocks, loadedText, page } from '../support/documents.js';

const recipes = page('docs/backends.md');

describe('the recipes of docs/backends.md', () => {
  const [fallback = '', canary = '', perModel = ''] = codeBlocks(recipes, 'json');

  it('are as many as are read here', () => {
    expect([codeBlocks(recipes, 'json').length, codeBlocks(recipes, 'sh').length]).toEqual([3, 1]);
  });

  it('have two servers fall back to OpenAI, with the key of the environment', () => {
    const { backends, fallbackBackends, settings } = loadedText(fallback, { OPENAI_API_KEY: 'k' });
    expect(backends.map(({ name, maxInFlight }) => [name, maxInFlight])).toEqual([
      ['gpu-1', 64],
      ['gpu-2', 64],
    ]);
    expect(fallbackBackends.map(({ apiKey }) => apiKey?.reveal())).toEqual(['k']);
    expect([settings.affinity, settings.queue]).toEqual([
      { kind: 'prefix' },
      { max: 100, timeoutMs: 10_000 },
    ]);
  });

  it('give a canary a twentieth', () => {
    expect(loadedText(canary).backends.map(({ weight }) => weight)).toEqual([95, 5]);
  });

  it('set parameters for a model', () => {
    const { models } = loadedText(perModel);
    expect(models.map(({ name, model }) => [name, model])).toEqual([
      ['fast', 'qwen3-8b'],
      ['default', 'qwen3-8b'],
    ]);
    expect(models[0]?.servedOn.get('local')?.params).toEqual({
      set: [{ name: 'temperature', json: '0.2' }],
      default: [{ name: 'max_tokens', json: '1024' }],
      drop: ['logit_bias'],
    });
  });

  it('say the same in one variable', () => {
    const value = /LLM_PARAMS='([^']*)'/.exec(codeBlocks(recipes, 'sh')[0] ?? '')?.[1] ?? '';
    const { models } = loadedText(null, { UPSTREAM: 'http://127.0.0.1:1', LLM_PARAMS: value });
    expect(models.map(({ name, model }) => [name, model])).toEqual([
      ['fast', 'qwen3-8b'],
      ['default', null],
    ]);
    expect(models[0]?.appendToLastUserMessage).toBe(' /no_think');
  });
});
