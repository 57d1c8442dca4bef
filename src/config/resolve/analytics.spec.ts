import { describe, expect, it } from '@jest/globals';
import { loadedConfig } from '../../../test/support/gateway/loaded-config.js';
import { type Variables } from '../environment/environment.js';
import { type AnalyticsConfig } from '../typed/analytics-config.js';

const BACKEND = { name: 'local', url: 'http://127.0.0.1:1/v1' };
const DB = 'postgres://user:sk-sentinel@db.example/sluice';

function analyticsOf(analytics: object, env: Variables = {}): AnalyticsConfig {
  const file = { primary_backends: [BACKEND], settings: { analytics } };
  return loadedConfig(file, { SLUICE_CONFIG: 'etc/sluice.json', ...env }).settings.analytics;
}

describe('settings.analytics', () => {
  it('reads every key, paths from the folder of the file', () => {
    const analytics = analyticsOf(
      {
        tenant: { headers: ['OpenAI-Project'], names: { '3f1a9c0d27be': 'search team' } },
        prices: {
          'gpt-4o*': { input: 2.5, cached_input: 1.25, output: 10 },
          '*': { input: 1, output: 2 },
        },
        capture: { mode: 'sample', rate: 0.5, max_bytes: 10, redact: ['password', '$.a[*].b'] },
        retention_days: 0,
        queue: 7,
        spool: { path: 'waiting', max_bytes: 0 },
        sinks: [
          { use: 'duckdb', path: '../a.duckdb' },
          { use: 'postgres', url: '${DATABASE_URL}' },
          { use: 'file', path: '/var/log/x.jsonl', rotate_bytes: 1, keep: 0 },
          { use: 'otlp', url: 'https://otel.example/in/', headers: { 'x-key': 'sk-sentinel' } },
          { use: './my-sink.mjs', options: { a: [1] } },
        ],
      },
      { DATABASE_URL: DB },
    );
    expect(analytics).toMatchObject({
      isEnabled: true,
      tenant: { headers: ['openai-project'], names: new Map([['3f1a9c0d27be', 'search team']]) },
      prices: [
        { model: 'gpt-4o*', input: 2.5, cachedInput: 1.25, output: 10 },
        { model: '*', input: 1, cachedInput: null, output: 2 },
      ],
      capture: { mode: 'sample', rate: 0.5, maxBytes: 10, redact: ['password', '$.a[*].b'] },
      retentionDays: 0,
      maxQueued: 7,
      spool: { path: '/srv/etc/waiting', maxBytes: 0 },
      sinks: [
        { kind: 'duckdb', path: '/srv/a.duckdb' },
        { kind: 'postgres' },
        { kind: 'file', path: '/var/log/x.jsonl', rotateBytes: 1, keep: 0 },
        { kind: 'otlp', url: 'https://otel.example/in' },
        { kind: 'module', path: '/srv/etc/my-sink.mjs', options: { a: [1] } },
      ],
    });
    const [, postgres, , otlp] = analytics.sinks;
    expect(postgres?.kind === 'postgres' && postgres.url.reveal()).toBe(DB);
    const [field] = otlp?.kind === 'otlp' ? otlp.headers : [];
    expect([field?.[0], field?.[1].reveal()]).toEqual(['x-key', 'sk-sentinel']);
    expect(JSON.stringify(analytics)).not.toContain('sentinel');
  });

  it('gives a file sink its defaults', () => {
    expect(analyticsOf({ sinks: [{ use: 'file' }] }).sinks).toEqual([
      { kind: 'file', path: '/srv/etc/logs/exchanges.jsonl', rotateBytes: 104_857_600, keep: 5 },
    ]);
  });

  it('keeps records in duckdb, or in postgres alone where DATABASE_URL is set', () => {
    expect(analyticsOf({}).sinks).toEqual([
      { kind: 'duckdb', path: '/srv/etc/data/analytics.duckdb' },
    ]);
    const [postgres, ...others] = analyticsOf({}, { DATABASE_URL: DB }).sinks;
    expect(postgres?.kind === 'postgres' && postgres.url.reveal()).toBe(DB);
    expect(others).toEqual([]);
  });

  it('leaves listed sinks alone where DATABASE_URL is set', () => {
    const { sinks } = analyticsOf({ sinks: [{ use: 'duckdb' }] }, { DATABASE_URL: DB });
    expect(sinks.map(({ kind }) => kind)).toEqual(['duckdb']);
  });

  it('has no sink where it is off', () => {
    expect(analyticsOf({ enabled: false, sinks: [{ use: 'duckdb' }] })).toMatchObject({
      isEnabled: false,
      sinks: [],
    });
  });
});
