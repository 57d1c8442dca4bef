import { describe, expect, it } from '@jest/globals';
import { ConfigError } from './config-error.js';
import { type Variables } from './environment/environment.js';
import { loadConfig } from './load-config.js';

type Files = Readonly<Record<string, string>>;

/** Loads from files in memory; an object stands for the `config.json` it is the text of. */
function load(config: unknown, env: Variables = {}, files: Files = {}) {
  const all: Files =
    config === undefined ? files : { '/srv/config.json': JSON.stringify(config), ...files };
  return loadConfig({ env, cwd: '/srv', readFile: (path) => readFrom(all, path) });
}

function readFrom(files: Files, path: string): string {
  const text = files[path];
  if (text === undefined) throw Object.assign(new Error(path), { code: 'ENOENT' });
  return text;
}

function errorOf(attempt: () => unknown): ConfigError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('there was no fault');
}

const faultsOf = (config: unknown, env: Variables = {}, files: Files = {}) =>
  errorOf(() => load(config, env, files)).faults;

const LOCAL = { name: 'local', url: 'http://127.0.0.1:1234/v1' };
const withBackend = (keys: object) => ({ primary_backends: [{ ...LOCAL, ...keys }] });
const withSettings = (settings: object) => ({ primary_backends: [LOCAL], settings });

describe('loadConfig', () => {
  it('fills everything that is not said with its default', () => {
    expect(load({ primary_backends: [LOCAL] })).toEqual({
      backends: [
        {
          name: 'local',
          origin: 'http://127.0.0.1:1234',
          basePath: '/v1',
          model: null,
          models: ['*'],
          apiKey: null,
          headers: [],
          weight: 1,
          maxInFlight: 0,
          timeouts: {
            connectMs: 5000,
            headersMs: 600_000,
            firstTokenMs: 0,
            idleMs: 600_000,
            totalMs: 0,
          },
          params: { set: [], default: [], drop: [] },
          reasoning: {
            input: 'auto',
            output: 'tags',
            openTag: '<think>',
            closeTag: '</think>',
            fields: null,
            history: 'keep',
            harmonyCalls: 'drop',
          },
          ca: null,
          health: { path: '/models', intervalMs: 10_000 },
        },
      ],
      fallbackBackends: [],
      models: [],
      settings: {
        listen: { host: '0.0.0.0', port: 8080 },
        keepaliveMs: 15_000,
        limits: {
          maxBodyBytes: 33_554_432,
          maxInFlight: 10_000,
          maxTargetBytes: 8192,
          maxHeaderBytes: 32_768,
          requestMs: 30_000,
          stalledReaderMs: 600_000,
        },
        retries: { maxRepeats: 2, budget: 0.2 },
        affinity: null,
        queue: { max: 0, timeoutMs: 0 },
        params: { set: [], default: [], drop: [] },
        tls: null,
        drain: { delayMs: 5000, deadlineMs: 300_000 },
        adminKey: null,
        analytics: {
          isEnabled: true,
          tenant: { headers: [], names: new Map() },
          prices: [],
          capture: { mode: 'off', rate: 0.01, maxBytes: 65_536, redact: [] },
          retentionDays: 90,
          maxQueued: 10_000,
          spool: { path: '/srv/data/spool', maxBytes: 268_435_456 },
          sinks: [{ kind: 'duckdb', path: '/srv/data/analytics.duckdb' }],
        },
        log: { level: 'info', hasBodies: false },
      },
      warnings: [],
    });
  });

  it('reads every key of a backend', () => {
    const { backends } = load(
      withBackend({
        model: 'm',
        models: ['gpt-*'],
        api_key: '${KEY}',
        headers: { 'x-team': 'a' },
        weight: 0.5,
        max_in_flight: 3,
        params: { set: { a: 1 }, default: { b: [1.5] }, drop: ['c'] },
        timeout: { idle: 1 },
        reasoning: { input: 'harmony', output: 'both', fields: 'keep' },
        health: { path: '/health', interval: 0.5 },
      }),
      { KEY: 'sk-1' },
    );
    expect(backends[0]).toMatchObject({
      model: 'm',
      models: ['gpt-*'],
      weight: 0.5,
      maxInFlight: 3,
      params: {
        set: [{ name: 'a', json: '1' }],
        default: [{ name: 'b', json: '[1.5]' }],
        drop: ['c'],
      },
      timeouts: { idleMs: 1000, headersMs: 600_000 },
      reasoning: { input: 'harmony', output: 'both', fields: 'keep' },
      health: { path: '/health', intervalMs: 500 },
    });
    expect(backends[0]?.apiKey?.reveal()).toBe('sk-1');
    expect(backends[0]?.headers.map(([name, value]) => [name, value.reveal()])).toEqual([
      ['x-team', 'a'],
    ]);
  });

  it('reads every key of the settings', () => {
    const { settings } = load(
      withSettings({
        listen: '[::1]:90',
        keepalive: 0,
        limits: {
          body_bytes: 1,
          in_flight: 2,
          target_bytes: 3,
          header_bytes: 4,
          request_seconds: 5,
        },
        retries: { attempts: 0, budget: 0.5 },
        affinity: 'header:X-Chat',
        queue: { max: 5, timeout: 1.5 },
        params: { set: { a: 1 } },
        drain: { delay: 0, deadline: 6 },
        log: { level: 'warn' },
      }),
    );
    expect(settings).toMatchObject({
      listen: { host: '::1', port: 90 },
      keepaliveMs: 0,
      limits: {
        maxBodyBytes: 1,
        maxInFlight: 2,
        maxTargetBytes: 3,
        maxHeaderBytes: 4,
        requestMs: 5000,
        stalledReaderMs: 600_000,
      },
      retries: { maxRepeats: 0, budget: 0.5 },
      affinity: { kind: 'header', name: 'x-chat' },
      queue: { max: 5, timeoutMs: 1500 },
      params: { set: [{ name: 'a', json: '1' }], default: [], drop: [] },
      tls: null,
      drain: { delayMs: 0, deadlineMs: 6000 },
      log: { level: 'warn' },
    });
  });

  it('lets timeouts and reasoning of a backend win over the settings key by key', () => {
    const { backends } = load({
      primary_backends: [
        { ...LOCAL, timeout: { total: 9 }, reasoning: { output: 'strip' } },
        { ...LOCAL, name: 'b', timeout: 2 },
      ],
      settings: { timeout: { idle: 3 }, reasoning: { input: 'think', open_tag: '[a]' } },
    });
    expect(backends[0]?.timeouts).toMatchObject({ idleMs: 3000, totalMs: 9000 });
    expect(backends[0]?.reasoning).toMatchObject({
      input: 'think',
      output: 'strip',
      openTag: '[a]',
      fields: null,
    });
    expect(backends[1]?.timeouts).toMatchObject({ connectMs: 2000, idleMs: 2000, totalMs: 0 });
  });

  it('fills a tag dialect with the defaults of the format', () => {
    const { backends } = load(
      withBackend({ reasoning: { input: { open: '', close: '[/t]', implicit_open: true } } }),
    );
    expect(backends[0]?.reasoning.input).toEqual({
      open: '',
      close: '[/t]',
      implicitOpen: true,
      scope: 'leading',
      trim: 'lead',
      toolOpen: [],
      strayClose: 'keep',
      openLabel: '',
      contentOpen: [],
      contentClose: [],
      join: '',
    });
  });

  it('hides the admin key', () => {
    const { adminKey } = load(withSettings({ admin_key: '${KEY}' }), {
      KEY: 'sk-sentinel',
    }).settings;
    expect(adminKey?.reveal()).toBe('sk-sentinel');
    expect(String(adminKey)).toBe('[secret]');
  });

  it('skips an entry without a url, with a warning, and keeps the others', () => {
    const { backends, warnings } = load({
      primary_backends: [{ name: 'off', url: '${NONE:-}' }, LOCAL],
    });
    expect(backends.map(({ name }) => name)).toEqual(['local']);
    expect(warnings).toEqual(['primary_backends[0] is skipped: its url is empty']);
  });

  it('is frozen to the last part', () => {
    const config = load(withBackend({ headers: { a: 'b' } }));
    const parts = [config, config.settings.limits, config.backends, config.backends[0]?.headers[0]];
    expect(parts.every((part) => Object.isFrozen(part))).toBe(true);
  });

  it('reads the file that SLUICE_CONFIG names, its references from the folder of that file', () => {
    const { backends } = load(
      undefined,
      { SLUICE_CONFIG: 'etc/sluice.json' },
      {
        '/srv/etc/sluice.json': JSON.stringify(withBackend({ api_key: '${file:key}' })),
        '/srv/etc/key': 'sk-file\n',
      },
    );
    expect(backends[0]?.apiKey?.reveal()).toBe('sk-file');
  });
});

describe('the environment', () => {
  it('is enough without a file', () => {
    const { backends } = load(undefined, { UPSTREAM_HOST: '10.0.0.9', UPSTREAM_PORT: '8000' });
    expect(backends).toHaveLength(1);
    expect(backends[0]).toMatchObject({
      name: 'env',
      origin: 'http://10.0.0.9:8000',
      basePath: '/v1',
    });
  });

  it('puts its backend in place of the listed ones, whatever they lack', () => {
    const { backends } = load(withBackend({ api_key: '${NONE}' }), { UPSTREAM: 'http://h/x' });
    expect(backends.map(({ name, basePath }) => [name, basePath])).toEqual([['env', '/x']]);
  });

  it('wins over the file', () => {
    const { backends, settings } = load(
      withSettings({
        listen: '127.0.0.1:1',
        timeout: 5,
        reasoning: { input: 'harmony', output: 'tags' },
        log: { level: 'warn' },
      }),
      {
        LISTEN_PORT: '2',
        API_REQUEST_TIMEOUT: '7',
        THINK_TAG: '[T]',
        THINK_END_TAG: '[/T]',
        DEBUG: 'true',
      },
    );
    expect(settings).toMatchObject({
      listen: { host: '127.0.0.1', port: 2 },
      log: { level: 'debug' },
    });
    expect(backends[0]?.timeouts.idleMs).toBe(7000);
    expect(backends[0]?.reasoning).toMatchObject({
      input: { open: '[T]', close: '[/T]', scope: 'anywhere', trim: 'none' },
      output: 'strip',
      fields: null,
    });
  });

  it('is read from .env too', () => {
    const { settings } = load(undefined, {}, { '/srv/.env': 'UPSTREAM=http://h\nPORT=9\n' });
    expect(settings.listen.port).toBe(9);
  });

  it('gives OPENAI_API_KEY to api.openai.com and to the env backend alone', () => {
    const keysOf = (config: unknown, env: Variables) =>
      load(config, { OPENAI_API_KEY: 'sk-env', ...env }).backends.map(
        ({ apiKey }) => apiKey?.reveal() ?? null,
      );
    const openai = { name: 'a', url: 'https://API.openai.com/v1' };
    const listed = {
      primary_backends: [
        openai,
        { ...openai, name: 'b', api_key: 'sk-own' },
        LOCAL,
        { name: 'c', url: 'https://api.openai.com.example/v1' },
      ],
    };
    expect(keysOf(listed, {})).toEqual(['sk-env', 'sk-own', null, null]);
    expect(keysOf(undefined, { UPSTREAM: 'http://h' })).toEqual(['sk-env']);
  });

  it('warns of a key that anyone who reaches the port could spend', () => {
    const warningsAt = (host: string) =>
      load(withBackend({ api_key: 'sk-sentinel' }), { LISTEN_ADDR: host }).warnings;
    expect(warningsAt('0.0.0.0')).toEqual([
      'Sluice sends a key of its own to "local" and listens on 0.0.0.0:8080: anyone who reaches ' +
        'that port spends the key. Keep the port private, or listen on 127.0.0.1.',
    ]);
    expect(warningsAt('127.0.0.1')).toEqual([]);
    expect(warningsAt('[::1]')).toEqual([]);
  });
});

describe('faults', () => {
  it.each<[string, object, string, string]>([
    [
      'an unknown key',
      { primary_backend: [] },
      'primary_backend',
      'known one is "primary_backends"',
    ],
    [
      'an unknown deep key',
      withBackend({ timeout: { idel: 1 } }),
      'primary_backends[0].timeout.idel',
      'known one is "idle"',
    ],
    [
      'a switch that is neither on nor off',
      withSettings({ log: { bodies: 'yes' } }),
      'settings.log.bodies',
      'must be true or false',
    ],
    [
      'null',
      withSettings({ keepalive: null }),
      'settings.keepalive',
      'must be a number of seconds',
    ],
    [
      'a negative timeout',
      withBackend({ timeout: { idle: -1 } }),
      'primary_backends[0].timeout.idle',
      'must be a number of seconds',
    ],
    [
      'a timeout no timer holds',
      withBackend({ timeout: 1e10 }),
      'primary_backends[0].timeout',
      'must be a number of seconds',
    ],
    [
      'a timeout of another type',
      withBackend({ timeout: '5' }),
      'primary_backends[0].timeout',
      'must be a number of seconds or an object',
    ],
    ['a wrong url', withBackend({ url: 'x' }), 'primary_backends[0].url', 'must be a URL'],
    [
      'no url',
      { primary_backends: [{ name: 'a' }] },
      'primary_backends[0].url',
      'must be a string',
    ],
    [
      'no name',
      { primary_backends: [{ url: '' }] },
      'primary_backends[0].name',
      'must have 1 to 64',
    ],
    [
      'a name with a line end',
      withBackend({ name: 'a\nb' }),
      'primary_backends[0].name',
      'must have 1 to 64',
    ],
    [
      'a name used twice',
      { primary_backends: [LOCAL, LOCAL] },
      'primary_backends[1].name',
      'primary_backends[0] has the same',
    ],
    ['no models', withBackend({ models: [] }), 'primary_backends[0].models', 'must not be empty'],
    [
      'an empty model',
      withBackend({ models: ['a', ''] }),
      'primary_backends[0].models',
      'entry 1 must not be empty',
    ],
    [
      'a key with a line end',
      withBackend({ api_key: 'a\r\nb' }),
      'primary_backends[0].api_key',
      'must be one word',
    ],
    [
      'a header with a line end',
      withBackend({ headers: { a: 'b\nc' } }),
      'primary_backends[0].headers',
      '"a" has a value with a line end',
    ],
    [
      'an unknown preset',
      withBackend({ reasoning: { input: 'harmoni' } }),
      'primary_backends[0].reasoning.input',
      'the nearest is "harmony"',
    ],
    [
      'a dialect of another type',
      withBackend({ reasoning: { input: 5 } }),
      'primary_backends[0].reasoning.input',
      "must be a preset's name or a tag dialect",
    ],
    [
      'an empty open marker',
      withBackend({ reasoning: { input: { open: '', close: 'x' } } }),
      'primary_backends[0].reasoning.input.open',
      'must not be empty unless',
    ],
    [
      'no close marker',
      withBackend({ reasoning: { input: { open: 'x' } } }),
      'primary_backends[0].reasoning.input.close',
      'must not be empty',
    ],
    [
      'an endless marker',
      withBackend({ reasoning: { input: { open: 'x', close: 'y'.repeat(1025) } } }),
      'primary_backends[0].reasoning.input.close',
      'at most 1024',
    ],
    [
      'an unknown key of a dialect',
      withBackend({ reasoning: { input: { open: 'x', close: 'y', scop: '' } } }),
      'primary_backends[0].reasoning.input.scop',
      'known one is "scope"',
    ],
    [
      'an unknown output',
      withSettings({ reasoning: { output: 'xml' } }),
      'settings.reasoning.output',
      'must be one of keep, strip, tags',
    ],
    [
      'a probe without a slash',
      withBackend({ health: { path: 'x' } }),
      'primary_backends[0].health.path',
      'must begin with a slash',
    ],
    [
      'a probe without a pause',
      withBackend({ health: { interval: 0 } }),
      'primary_backends[0].health.interval',
      'above 0',
    ],
    [
      'a listener without a port',
      withSettings({ listen: 'localhost' }),
      'settings.listen',
      'must be host:port',
    ],
    [
      'a fraction of a byte',
      withSettings({ limits: { body_bytes: 1.5 } }),
      'settings.limits.body_bytes',
      'must be a whole number',
    ],
    [
      'no exchange at all',
      withSettings({ limits: { in_flight: 0 } }),
      'settings.limits.in_flight',
      'must be a whole number',
    ],
    [
      'an unknown level',
      withSettings({ log: { level: 'loud' } }),
      'settings.log.level',
      'must be one of fatal',
    ],
    ['no weight', withBackend({ weight: 0 }), 'primary_backends[0].weight', 'above 0'],
    [
      'a negative bound',
      withBackend({ max_in_flight: -1 }),
      'primary_backends[0].max_in_flight',
      'must be a whole number, 0 to',
    ],
    [
      'a budget above everything',
      withSettings({ retries: { budget: 1.5 } }),
      'settings.retries.budget',
      'must be a number, 0 to 1',
    ],
    [
      'a wait without an end',
      withSettings({ queue: { max: 5 } }),
      'settings.queue.timeout',
      'must be above 0 where max is',
    ],
    [
      'an affinity to nothing',
      withSettings({ affinity: 'header:' }),
      'settings.affinity',
      'must be "prefix", or "header:"',
    ],
    [
      'a model among the parameters',
      withSettings({ params: { set: { model: 'm' } } }),
      'settings.params.set',
      '"model" is no parameter here',
    ],
    [
      'a number that cannot be held',
      withBackend({ params: { default: { a: [{ b: 2 ** 60 }] } } }),
      'primary_backends[0].params.default',
      '"a" is a number that cannot be held exactly',
    ],
    [
      'the name of a prototype to drop',
      withBackend({ params: { drop: ['a', '__proto__'] } }),
      'primary_backends[0].params.drop',
      'entry 1 is not allowed as the name of a parameter',
    ],
    [
      'parameters of another type',
      withBackend({ params: { set: [] } }),
      'primary_backends[0].params.set',
      'must be an object',
    ],
    [
      'a fallback that has the name of a primary',
      { ...withBackend({}), fallback_backends: [LOCAL] },
      'fallback_backends[0].name',
      'primary_backends[0] has the same',
    ],
    [
      'a certificate authority of a fallback',
      { ...withBackend({}), fallback_backends: [{ name: 'b', url: 'http://b', ca: 'none' }] },
      'fallback_backends[0].ca',
      'the file cannot be read',
    ],
    ['models in a list', { ...withBackend({}), models: [] }, 'models', 'must be an object'],
    [
      'a model of another type',
      { ...withBackend({}), models: { a: {}, b: 5 } },
      'models',
      'the entry "b" must be an object',
    ],
    [
      'a model without a name',
      { ...withBackend({}), models: { '': {} } },
      'models',
      'the entry "" must have 1 to 256 characters',
    ],
    [
      'an unknown key of a model',
      { ...withBackend({}), models: { 'gpt-4o': { backend: [] } } },
      'models["gpt-4o"].backend',
      'known one is "backends"',
    ],
    [
      'an unknown key deep in a model',
      { ...withBackend({}), models: { fast: { reasoning: { input: { open: 'x' } } } } },
      'models.fast.reasoning.input.close',
      'must not be empty',
    ],
    [
      'a backend that no entry has',
      { ...withBackend({}), models: { fast: { backends: ['local', 'locl'] } } },
      'models.fast.backends[1]',
      'the nearest is "local"',
    ],
    ['a list for a section', withSettings({ drain: [] }), 'settings.drain', 'must be an object'],
    [
      'a section for a list',
      { primary_backends: LOCAL },
      'primary_backends',
      'must be a list of objects',
    ],
    [
      'entries of another type',
      { primary_backends: [LOCAL, null, 5] },
      'primary_backends',
      'must hold objects alone; not so 1, 2',
    ],
    [
      'a text for everything',
      'text' as unknown as object,
      'config.json',
      'must hold a JSON object',
    ],
    [
      'an admin key that no header can hold',
      withSettings({ admin_key: 'sk sentinel' }),
      'settings.admin_key',
      'must be one word',
    ],
    [
      'an unset variable',
      withBackend({ url: '${NONE}' }),
      'primary_backends[0].url',
      'the environment variable NONE is not set',
    ],
  ])('name the path of %s, once', (_what, config, path, message) => {
    expect(faultsOf(config)).toEqual([{ path, message: expect.stringContaining(message) }]);
  });

  it('name a DATABASE_URL of another kind without showing it', () => {
    const env = { DATABASE_URL: 'mysql://u:sk-sentinel@h/d' };
    expect(faultsOf({ primary_backends: [LOCAL] }, env)).toEqual([
      {
        path: 'DATABASE_URL',
        message: 'must be a URL such as postgres://user:password@host/database',
      },
    ]);
  });

  it('name both the missing key and the missing file of a listener with TLS', () => {
    expect(faultsOf(withSettings({ tls: { cert: 'c.pem' } }))).toEqual([
      { path: 'settings.tls.key', message: 'must be set too: cert and key go together' },
      {
        path: 'settings.tls.cert',
        message: 'the file cannot be read: there is no such file',
      },
    ]);
  });

  it('come all at once, from the environment, the file and the files it names', () => {
    const { kind, faults } = errorOf(() =>
      load(
        { ...withBackend({ timout: 1, ca: 'none.pem', api_key: '${NONE}' }), setings: {} },
        { PORT: 'x', LISTEN_PORT: '1' },
      ),
    );
    expect(kind).toBe('invalid');
    expect(faults.map(({ path }) => path).sort()).toEqual([
      'PORT',
      'primary_backends[0].api_key',
      'primary_backends[0].ca',
      'primary_backends[0].timout',
      'setings',
    ]);
  });

  it('say what to set when there is no backend', () => {
    const { kind, faults } = errorOf(() => load(undefined));
    expect(kind).toBe('no-backend');
    expect(faults[0]?.message).toContain('set the environment variable UPSTREAM');
    expect(errorOf(() => load({ primary_backends: [{ name: 'off', url: '' }] })).kind).toBe(
      'no-backend',
    );
  });

  it('name line and column of a file that is no JSON', () => {
    const { kind, faults } = errorOf(() =>
      load(undefined, { PORT: 'x' }, { '/srv/config.json': '{\n  "a" 1\n}' }),
    );
    expect(kind).toBe('malformed');
    expect(faults).toEqual([
      { path: 'PORT', message: 'must be a port, 0 to 65535' },
      { path: 'config.json', message: 'line 2, column 7: a colon is expected' },
    ]);
  });

  it('name the file that SLUICE_CONFIG promises and that is not there', () => {
    const { kind, faults } = errorOf(() => load(undefined, { SLUICE_CONFIG: 'x.json' }));
    expect(kind).toBe('unreadable');
    expect(faults).toEqual([{ path: 'x.json', message: 'cannot be read: there is no such file' }]);
  });

  it('name a prototype key and do not let it in', () => {
    const text = `{
      "primary_backends": [${JSON.stringify(LOCAL)}],
      "models": { "constructor": {} },
      "settings": { "params": { "set": { "__proto__": 1 } } },
      "__proto__": { "a": 1 }
    }`;
    const message = 'this name is not allowed as a key';
    expect(faultsOf(undefined, {}, { '/srv/config.json': text })).toEqual([
      { path: 'models.constructor', message },
      { path: 'settings.params.set.__proto__', message },
      { path: '__proto__', message },
    ]);
  });
});
