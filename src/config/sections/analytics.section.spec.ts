import { describe, expect, it } from '@jest/globals';
import { configFaults } from '../../../test/support/gateway/loaded-config.js';

function faultsOf(analytics: unknown): ReturnType<typeof configFaults> {
  const primary_backends = [{ name: 'local', url: 'http://127.0.0.1:1/v1' }];
  return configFaults(
    { primary_backends, settings: { analytics } },
    { SLUICE_CONFIG: 'etc/sluice.json' },
  );
}

describe('settings.analytics', () => {
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
    const faults = faultsOf(analytics);
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
    expect(faultsOf({ sinks })).toEqual([
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

  it('says nothing of analytics that is no object a second time', () => {
    expect(faultsOf(5)).toEqual([{ path: 'settings.analytics', message: 'must be an object' }]);
  });
});
