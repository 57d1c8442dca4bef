import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inspect } from 'node:util';
import { ConfigError, printFaults } from './config-error.js';
import { describeConfig } from './describe/describe-config.js';
import { type Variables } from './environment/environment.js';
import { loadConfig } from './load-config.js';

const SENTINEL = 'sentinel-3f1a9c0d27be';
/** Each reads a whole configuration, some a hundred times as slow as a parser's property. */
const RUNS = { numRuns: Math.ceil(Number(process.env.FUZZ_RUNS ?? 2000) / 10) };

/** All that a user may get to see of a configuration: its meaning, or what is wrong with it. */
function shown(text: string, env: Variables = {}): string {
  try {
    const config = loadConfig({
      env: { KEY: SENTINEL, ...env },
      cwd: '/srv',
      readFile: (path) => {
        if (path === '/srv/config.json') return text;
        if (path === '/srv/secret') return `${SENTINEL}\n`;
        throw Object.assign(new Error(path), { code: 'ENOENT' });
      },
    });
    return describeConfig(config) + inspect(config, { depth: null }) + JSON.stringify(config);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return printFaults(error) + inspect(error) + JSON.stringify(error);
  }
}

const KEYS = [
  ...['$schema', 'primary_backends', 'name', 'url', 'model', 'models', 'api_key', 'headers'],
  ...['timeout', 'connect', 'idle', 'reasoning', 'input', 'open', 'close', 'tool_open', 'output'],
  ...['ca', 'health', 'path', 'settings', 'listen', 'limits', 'in_flight', 'tls', 'cert', 'key'],
  ...['fallback_backends', 'weight', 'params', 'set', 'default', 'drop', 'backends', 'affinity'],
  ...['queue', 'max', 'retries', 'attempts', 'append_to_last_user_message'],
  ...['drain', 'log', 'level', 'constructor', '__proto__', '$value', 'toString', 'then'],
];

const word = fc.constantFrom(
  '',
  'auto',
  'http://h',
  'a\nb',
  '${NONE}',
  '${',
  '$value',
  '0.0.0.0:1',
);

/** Values that come near to a configuration, so that they get past the first check. */
const { value: nearConfig } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium' },
    fc.oneof(word, fc.double(), fc.boolean(), fc.constant(null), fc.string()),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...KEYS), fc.string()), tie('value'), { maxKeys: 6 }),
  ),
}));

const configText = fc
  .record({
    primary_backends: fc.array(nearConfig, { maxLength: 3 }),
    models: nearConfig,
    settings: nearConfig,
  })
  .map((value) => JSON.stringify(value));

describe('any configuration', () => {
  it('is taken, or refused with faults: any JSON value', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(typeof shown(text)).toBe('string');
      }),
      RUNS,
    );
  });

  it('is taken, or refused with faults: values of known keys', () => {
    fc.assert(
      fc.property(configText, (text) => {
        expect(typeof shown(text)).toBe('string');
      }),
      RUNS,
    );
  });

  it('is taken, or refused with faults: any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(typeof shown(text)).toBe('string');
      }),
      RUNS,
    );
  });

  it('never shows a secret, wherever it stands and whatever is wrong with it', () => {
    const reference = fc.constantFrom(
      '${KEY}',
      '${file:secret}',
      '${NONE:-' + SENTINEL + '}',
      SENTINEL,
    );
    const around = fc.constantFrom('', ' ', '\n', '\u0000', 'Bearer ', 'ж', '${NONE}');
    const secret = fc.tuple(around, reference, around).map((parts) => parts.join(''));
    const backend = fc.record({
      name: fc.constantFrom('a', 5, ''),
      url: fc.oneof(
        fc.constantFrom('http://h', '', 'x'),
        secret.map((text) => `http://user:${text}@h`),
        secret.map((text) => `http://h/?key=${text}`),
      ),
      api_key: fc.oneof(secret, fc.array(secret), fc.record({ key: secret })),
      headers: fc.oneof(secret, fc.dictionary(fc.constantFrom('a', 'b c', '$value'), secret)),
      timeout: fc.oneof(fc.constant(1), secret),
      reasoning: fc.oneof(fc.constant({}), secret, fc.record({ input: secret, output: secret })),
    });
    const config = fc.record({ primary_backends: fc.array(backend, { maxLength: 3 }) });
    fc.assert(
      fc.property(config, (value) => {
        expect(shown(JSON.stringify(value))).not.toContain(SENTINEL);
      }),
      RUNS,
    );
  });

  it('is taken, or refused with faults: any LLM_PARAMS', () => {
    const part = fc.constantFrom(
      'model=',
      ';',
      ',',
      '=',
      '\\u00',
      '\\n',
      'n',
      'seed=',
      'think_tag_start=',
    );
    const text = fc
      .array(fc.oneof(part, fc.string()), { maxLength: 20 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(text, (params) => {
        expect(typeof shown('{}', { LLM_PARAMS: params, UPSTREAM: 'http://h' })).toBe('string');
      }),
      RUNS,
    );
  });

  it('never shows what is wrong in LLM_PARAMS', () => {
    const key = fc.constantFrom('temperature', 'seed', 'stream', 'enable_think_tag_filtering');
    fc.assert(
      fc.property(key, (name) => {
        const params = `model=a,${name}=${SENTINEL},b=\\u${SENTINEL},${SENTINEL};`;
        expect(shown('{}', { LLM_PARAMS: params })).not.toContain(SENTINEL);
      }),
      RUNS,
    );
  });
});
