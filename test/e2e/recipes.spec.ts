import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { loadConfig } from '../../src/config/load-config.js';
import { type SluiceConfig } from '../../src/config/sluice-config.js';

const text = readFileSync(new URL('../../docs/backends.md', import.meta.url), 'utf8');

const blocksOf = (language: string): string[] =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, block = '']) => block,
  );

function loaded(file: string, env: Readonly<Record<string, string>> = {}): SluiceConfig {
  return loadConfig({
    env,
    cwd: '/',
    readFile: (path) => {
      if (path.endsWith('config.json') && file !== '') return file;
      throw Object.assign(new Error('no other file'), { code: 'ENOENT' });
    },
  });
}

describe('the recipes of docs/backends.md', () => {
  const [fallback = '', canary = '', perModel = ''] = blocksOf('json');

  it('are as many as are read here', () => {
    expect([blocksOf('json').length, blocksOf('sh').length]).toEqual([3, 1]);
  });

  it('have two servers fall back to OpenAI, with the key of the environment', () => {
    const { backends, fallbackBackends, settings } = loaded(fallback, { OPENAI_API_KEY: 'k' });
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
    expect(loaded(canary).backends.map(({ weight }) => weight)).toEqual([95, 5]);
  });

  it('set parameters for a model', () => {
    const { models } = loaded(perModel);
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
    const value = /LLM_PARAMS='([^']*)'/.exec(blocksOf('sh')[0] ?? '')?.[1] ?? '';
    const { models } = loaded('', { UPSTREAM: 'http://127.0.0.1:1', LLM_PARAMS: value });
    expect(models.map(({ name, model }) => [name, model])).toEqual([
      ['fast', 'qwen3-8b'],
      ['default', null],
    ]);
    expect(models[0]?.appendToLastUserMessage).toBe(' /no_think');
  });
});
