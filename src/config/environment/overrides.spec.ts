import { describe, expect, it } from '@jest/globals';
import { readOverrides } from './overrides.js';

type Variables = Readonly<Record<string, string>>;

const read = (variables: Variables) => readOverrides(new Map(Object.entries(variables)));

const NOTHING = {
  host: null,
  port: null,
  upstreamUrl: null,
  openaiKey: null,
  timeoutSeconds: null,
  thinkTags: null,
  models: [],
  databaseUrl: null,
  isDebug: false,
};

describe('readOverrides', () => {
  it.each<[Variables, object]>([
    [{}, {}],
    [{ LISTEN_ADDR: '127.0.0.1' }, { host: '127.0.0.1' }],
    [{ LISTEN_ADDR: '[::1]:90' }, { host: '::1', port: 90 }],
    [{ LISTEN_PORT: '90' }, { port: 90 }],
    [{ PORT: '90' }, { port: 90 }],
    [
      { LISTEN_ADDR: 'h:90', LISTEN_PORT: '90', PORT: '090' },
      { host: 'h', port: 90 },
    ],
    [{ UPSTREAM: 'http://h:1/v1' }, { upstreamUrl: 'http://h:1/v1' }],
    [{ TARGET_BASE_URL: 'http://h:1/v1' }, { upstreamUrl: 'http://h:1/v1' }],
    [{ UPSTREAM_HOST: 'h', UPSTREAM_PORT: '1' }, { upstreamUrl: 'http://h:1' }],
    [{ UPSTREAM_HOST: 'h' }, { upstreamUrl: 'http://h' }],
    [{ UPSTREAM_HOST: '::1', UPSTREAM_PORT: '1' }, { upstreamUrl: 'http://[::1]:1' }],
    [{ UPSTREAM_HOST: '[::1]', UPSTREAM_PORT: '1' }, { upstreamUrl: 'http://[::1]:1' }],
    [{ UPSTREAM: 'http://h/v1', TARGET_BASE_URL: 'http://H:80/' }, { upstreamUrl: 'http://h/v1' }],
    [
      { UPSTREAM: 'http://h:1/v1/', UPSTREAM_HOST: 'h', UPSTREAM_PORT: '1' },
      { upstreamUrl: 'http://h:1/v1/' },
    ],
    [{ UPSTREAM: 'https://h/v1', UPSTREAM_PORT: '443' }, { upstreamUrl: 'https://h/v1' }],
    [{ OPENAI_API_KEY: 'sk-1' }, { openaiKey: 'sk-1' }],
    [{ API_REQUEST_TIMEOUT: '30' }, { timeoutSeconds: 30 }],
    [{ API_REQUEST_TIMEOUT: '0.5' }, { timeoutSeconds: 0.5 }],
    [{ THINK_TAG: '[T]' }, { thinkTags: { open: '[T]', close: '</think>' } }],
    [{ THINK_END_TAG: '[/T]' }, { thinkTags: { open: '<think>', close: '[/T]' } }],
    [{ DEBUG: 'true' }, { isDebug: true }],
    [{ DEBUG: 'express:*' }, { isDebug: false }],
    [{ DATABASE_URL: 'postgres://u@h/d' }, { databaseUrl: 'postgres://u@h/d' }],
  ])('reads %j', (variables, overrides) => {
    expect(read(variables)).toEqual({ overrides: { ...NOTHING, ...overrides }, faults: [] });
  });

  it.each<[Variables, string, string]>([
    [{ LISTEN_ADDR: ':90' }, 'LISTEN_ADDR', 'must be a host or host:port'],
    [{ LISTEN_PORT: 'x' }, 'LISTEN_PORT', 'must be a port, 0 to 65535'],
    [{ PORT: '70000' }, 'PORT', 'must be a port, 0 to 65535'],
    [{ LISTEN_PORT: '1', PORT: '2' }, 'LISTEN_PORT', 'contradicts PORT'],
    [{ LISTEN_ADDR: 'h:1', LISTEN_PORT: '2' }, 'LISTEN_ADDR', 'contradicts LISTEN_PORT'],
    [{ LISTEN_ADDR: 'h:1', PORT: '2' }, 'LISTEN_ADDR', 'contradicts PORT'],
    [{ UPSTREAM: 'h:1' }, 'UPSTREAM', 'must begin with http'],
    [{ TARGET_BASE_URL: 'http://h?x' }, 'TARGET_BASE_URL', 'must not have a query'],
    [{ UPSTREAM_HOST: 'http://h' }, 'UPSTREAM_HOST', 'must be a host alone'],
    [{ UPSTREAM_HOST: 'h:1' }, 'UPSTREAM_HOST', 'must be a host alone'],
    [{ UPSTREAM_HOST: 'h', UPSTREAM_PORT: 'x' }, 'UPSTREAM_PORT', 'must be a port'],
    [{ UPSTREAM_PORT: '1' }, 'UPSTREAM_PORT', 'says nothing without UPSTREAM_HOST'],
    [
      { UPSTREAM: 'http://h:1', TARGET_BASE_URL: 'http://h:2' },
      'UPSTREAM',
      'contradicts TARGET_BASE_URL',
    ],
    [
      { TARGET_BASE_URL: 'http://h:1', UPSTREAM_HOST: 'h', UPSTREAM_PORT: '2' },
      'TARGET_BASE_URL',
      'contradicts UPSTREAM_HOST',
    ],
    [{ UPSTREAM: 'http://h:1', UPSTREAM_PORT: '2' }, 'UPSTREAM_PORT', 'contradicts UPSTREAM'],
    [{ OPENAI_API_KEY: 'sk-1\n' }, 'OPENAI_API_KEY', 'must be one word'],
    [{ API_REQUEST_TIMEOUT: '-1' }, 'API_REQUEST_TIMEOUT', 'must be seconds'],
    [{ API_REQUEST_TIMEOUT: '10m' }, 'API_REQUEST_TIMEOUT', 'must be seconds'],
    [{ API_REQUEST_TIMEOUT: '2147484' }, 'API_REQUEST_TIMEOUT', 'must be seconds'],
  ])('refuses %j with one fault that names what is at fault', (variables, path, message) => {
    expect(read(variables).faults).toEqual([{ path, message: expect.stringContaining(message) }]);
  });

  it('reads LLM_PARAMS as entries of models', () => {
    const { overrides, faults } = read({ LLM_PARAMS: 'model=a,n=1;model=b' });
    expect(overrides.models.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(faults).toEqual([]);
  });

  it('reports every fault at once', () => {
    const { faults } = read({ PORT: 'x', UPSTREAM: 'x', API_REQUEST_TIMEOUT: 'x' });
    expect(faults.map(({ path }) => path)).toEqual(['PORT', 'UPSTREAM', 'API_REQUEST_TIMEOUT']);
  });
});
