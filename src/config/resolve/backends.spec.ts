import { describe, expect, it } from '@jest/globals';
import { loadedConfig } from '../../../test/support/gateway/loaded-config.js';

const A = { name: 'a', url: 'http://a' };
const B = { name: 'b', url: 'http://b' };

describe('fallback backends', () => {
  it('are backends like the others', () => {
    const { backends, fallbackBackends } = loadedConfig(
      { primary_backends: [A], fallback_backends: [{ ...B, url: 'https://api.openai.com/v1' }] },
      { OPENAI_API_KEY: 'sk-env' },
    );
    expect(backends.map(({ name }) => name)).toEqual(['a']);
    expect(fallbackBackends.map(({ name, apiKey }) => [name, apiKey?.reveal()])).toEqual([
      ['b', 'sk-env'],
    ]);
  });

  it('stand in for primary ones where none has a url', () => {
    const { backends, fallbackBackends } = loadedConfig({
      primary_backends: [{ ...A, url: '' }],
      fallback_backends: [B],
    });
    expect(backends.map(({ name }) => name)).toEqual(['b']);
    expect(fallbackBackends).toEqual([]);
  });

  it('give way to the backend of the environment, which then serves every entry of models', () => {
    const config = loadedConfig(
      {
        primary_backends: [A],
        fallback_backends: [{ ...B, api_key: '${NONE}' }],
        models: { fast: { backends: ['a'], model: 'm' } },
      },
      { UPSTREAM: 'http://h' },
    );
    expect(config.backends.map(({ name }) => name)).toEqual(['env']);
    expect(config.fallbackBackends).toEqual([]);
    expect(config.models.map(({ name, servedOn }) => [name, ...servedOn.keys()])).toEqual([
      ['fast', 'env'],
    ]);
  });
});
