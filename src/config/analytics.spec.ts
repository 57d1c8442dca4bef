import { describe, expect, it } from '@jest/globals';
import { ConfigError, type ConfigFault } from './config-error.js';
import { type Variables } from './environment/environment.js';
import { loadConfig } from './load-config.js';
import { restartNeeds, untilRestart } from './reload/restart-needs.js';
import { type SettingsConfig } from './settings-config.js';

const BACKEND = { name: 'local', url: 'http://127.0.0.1:1/v1' };

function settingsOf(settings: object, env: Variables = {}): SettingsConfig {
  const file = { primary_backends: [BACKEND], settings };
  return loadConfig({
    env: { SLUICE_CONFIG: 'etc/sluice.json', ...env },
    cwd: '/srv',
    readFile: (path) => {
      if (path === '/srv/etc/sluice.json') return JSON.stringify(file);
      throw Object.assign(new Error(path), { code: 'ENOENT' });
    },
  }).settings;
}

const analyticsOf = (analytics: object, env: Variables = {}) =>
  settingsOf({ analytics }, env).analytics;

function faultsOf(settings: object, env: Variables = {}): readonly ConfigFault[] {
  try {
    settingsOf(settings, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

const DB = 'postgres://user:sk-sentinel@db.example/sluice';

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

  it('hides the admin key', () => {
    const { adminKey } = settingsOf({ admin_key: '${KEY}' }, { KEY: 'sk-sentinel' });
    expect(adminKey?.reveal()).toBe('sk-sentinel');
    expect(String(adminKey)).toBe('[secret]');
  });

  const sink = (keys: object) => ({ sinks: [keys] });
  it.each<[string, object, string, string]>([
    [
      'an unknown sink',
      sink({ use: 'duckdbb' }),
      'sinks[0].use',
      'duckdb, postgres, file, otlp, or the path of a .js or .mjs file',
    ],
    ['a sink in another language', sink({ use: './sink.ts' }), 'sinks[0].use', 'must be one of'],
    ['a sink without use', sink({ path: 'a' }), 'sinks[0].use', 'must be one of duckdb'],
    [
      'an unknown key of a sink',
      sink({ use: 'file', rotate_byte: 1 }),
      'sinks[0].rotate_byte',
      'known one is "rotate_bytes"',
    ],
    [
      'a key of another sink',
      sink({ use: 'duckdb', keep: 1 }),
      'sinks[0].keep',
      'is no key of duckdb, which has path',
    ],
    [
      'options of a built-in sink',
      sink({ use: 'otlp', url: 'http://h', options: {} }),
      'sinks[0].options',
      'is no key of otlp, which has url, headers',
    ],
    [
      "a path of a sink of one's own",
      sink({ use: './a.js', path: 'b' }),
      'sinks[0].path',
      'is no key of such a sink, which has options',
    ],
    [
      'postgres without a url',
      sink({ use: 'postgres' }),
      'sinks[0].use',
      'postgres needs the key url',
    ],
    [
      'a database of another kind',
      sink({ use: 'postgres', url: 'mysql://u:sk-sentinel@h' }),
      'sinks[0].url',
      'must be a URL such as postgres://',
    ],
    [
      'a collector that is no URL',
      sink({ use: 'otlp', url: 'localhost' }),
      'sinks[0].url',
      'must be a URL such as',
    ],
    [
      'a collector with the path of a signal',
      sink({ use: 'otlp', url: 'http://h/x/v1/traces' }),
      'sinks[0].url',
      'without /v1/traces',
    ],
    [
      'a header with a line end',
      sink({ use: 'otlp', url: 'http://h', headers: { a: 'b\nc' } }),
      'sinks[0].headers',
      '"a" has a value with a line end',
    ],
    ['no sinks', { sinks: [] }, 'sinks', 'set enabled to false'],
    [
      'more sinks than anyone needs',
      { sinks: Array.from({ length: 17 }, () => ({ use: './a.js' })) },
      'sinks',
      'at most 16 entries',
    ],
    [
      'a negative price',
      { prices: { a: { input: -1, output: 0 } } },
      'prices.a.input',
      'must be a number, 0 to',
    ],
    [
      'a price without output',
      { prices: { a: { input: 1 } } },
      'prices.a.output',
      'must be a number',
    ],
    [
      'a name for what is no fingerprint',
      { tenant: { names: { 'sk-sentinel': 'a' } } },
      'tenant.names',
      'entry 0 must be a fingerprint',
    ],
    [
      'a name with a line end',
      { tenant: { names: { '0123456789ab': 'a\nb' } } },
      'tenant.names',
      'none of them a control character',
    ],
    [
      'a tenant header that is none',
      { tenant: { headers: ['a b'] } },
      'tenant.headers',
      'entry 0 is no name of a header',
    ],
    [
      'a tenant header that holds a key',
      { tenant: { headers: ['X-Team', 'Authorization'] } },
      'tenant.headers',
      'entry 1 holds a key',
    ],
    [
      'a broken JSON path',
      { capture: { redact: ['password', '$.a['] } },
      'capture.redact',
      'entry 1 must be the name of a key, or a JSON path',
    ],
    [
      'an unknown mode',
      { capture: { mode: 'some' } },
      'capture.mode',
      'off, failures, sample, all',
    ],
    ['a rate beyond all', { capture: { rate: 1.1 } }, 'capture.rate', 'must be a number, 0 to 1'],
    ['no room in the queue', { queue: 0 }, 'queue', 'must be a whole number, 1 to'],
    ['half a day', { retention_days: 0.5 }, 'retention_days', 'must be a whole number'],
    ['a spool without a path', { spool: { path: '' } }, 'spool.path', 'must not be empty'],
  ])('refuses %s', (_what, analytics, path, message) => {
    const faults = faultsOf({ analytics });
    expect(faults).toEqual([
      { path: `settings.analytics.${path}`, message: expect.stringContaining(message) },
    ]);
    expect(JSON.stringify(faults)).not.toContain('sentinel');
  });

  it('refuses two sinks that write to one file, however it is written', () => {
    const sinks = [
      { use: 'file', path: 'data/analytics.duckdb' },
      { use: './a.js' },
      { use: './a.js' },
      { use: 'duckdb', path: 'other.duckdb' },
      { use: 'file', path: '/srv/etc/x/../other.duckdb' },
      { use: 'duckdb' },
    ];
    expect(faultsOf({ analytics: { sinks } })).toEqual([
      {
        path: 'settings.analytics.sinks[4].path',
        message: 'settings.analytics.sinks[3] writes to the same file',
      },
      {
        path: 'settings.analytics.sinks[5].path',
        message: 'settings.analytics.sinks[0] writes to the same file',
      },
    ]);
  });

  it('refuses a DATABASE_URL of another kind without showing it', () => {
    expect(faultsOf({}, { DATABASE_URL: 'mysql://u:sk-sentinel@h/d' })).toEqual([
      {
        path: 'DATABASE_URL',
        message: 'must be a URL such as postgres://user:password@host/database',
      },
    ]);
  });

  it('refuses an admin key that no header can hold', () => {
    expect(faultsOf({ admin_key: 'sk sentinel' })).toEqual([
      { path: 'settings.admin_key', message: expect.stringContaining('must be one word') },
    ]);
  });

  it('says nothing of analytics that is no object a second time', () => {
    expect(faultsOf({ analytics: 5 })).toEqual([
      { path: 'settings.analytics', message: 'must be an object' },
    ]);
  });
});

describe('a reload', () => {
  const needs = (current: object, next: object) =>
    restartNeeds(settingsOf(current), settingsOf(next));
  const withAnalytics = (analytics: object) => ({ analytics });

  it('asks for a restart where sinks, spool or queue changed', () => {
    expect(
      needs(
        withAnalytics({ sinks: [{ use: 'postgres', url: 'postgres://u:one@h/d' }] }),
        withAnalytics({
          sinks: [{ use: 'postgres', url: 'postgres://u:two@h/d' }],
          spool: { max_bytes: 1 },
          queue: 1,
        }),
      ),
    ).toEqual(['analytics.sinks', 'analytics.queue', 'analytics.spool']);
  });

  it('asks for one where analytics are switched', () => {
    expect(needs({}, withAnalytics({ enabled: false }))).toEqual(['analytics.enabled']);
  });

  it('keeps until then what needs one, and puts the rest in force', () => {
    const sinks = [{ use: 'file', path: 'a.ndjson' }];
    const current = settingsOf(withAnalytics({ sinks, queue: 7, retention_days: 1 }));
    const next = settingsOf(
      withAnalytics({ queue: 8, spool: { max_bytes: 1 }, retention_days: 2 }),
    );
    const { analytics } = untilRestart(current, next);
    expect(analytics).toEqual({ ...current.analytics, retentionDays: 2 });
    expect(restartNeeds(current, { ...next, analytics })).toEqual([]);
  });

  it('keeps all of analytics where they are switched', () => {
    const current = settingsOf(withAnalytics({ retention_days: 1, tenant: { headers: ['x-a'] } }));
    const next = settingsOf({ ...withAnalytics({ enabled: false }), keepalive: 7 });
    expect(untilRestart(current, next)).toEqual({ ...next, analytics: current.analytics });
  });

  it('takes the next settings as they are where no restart is needed', () => {
    const next = settingsOf(withAnalytics({ retention_days: 2 }));
    expect(untilRestart(settingsOf({}), next)).toBe(next);
  });

  it('puts everything else in force at once', () => {
    expect(
      needs(
        {},
        {
          admin_key: 'k',
          analytics: {
            tenant: { headers: ['x-team'] },
            prices: { a: { input: 1, output: 1 } },
            capture: { mode: 'all' },
            retention_days: 1,
          },
        },
      ),
    ).toEqual([]);
  });
});
