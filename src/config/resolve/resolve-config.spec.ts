import { describe, expect, it } from '@jest/globals';
import { BackendSection } from '../sections/backend.section.js';
import { ConfigSection } from '../sections/config.section.js';
import { type Overrides } from './overrides.js';
import { resolveConfig } from './resolve-config.js';

const NO_OVERRIDES: Overrides = {
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

function resolve(pems: Readonly<Record<string, string>>) {
  const section = new ConfigSection();
  section.primary_backends = ['', 'http://a', 'http://b'].map((url) =>
    Object.assign(new BackendSection(), { name: url, url }),
  );
  return resolveConfig({
    section,
    overrides: NO_OVERRIDES,
    pems: new Map(Object.entries(pems)),
    folder: '/srv',
  });
}

describe('resolveConfig', () => {
  it('gives each backend the authority of its own entry, also behind one that is skipped', () => {
    const { backends } = resolve({ 'primary_backends[2].ca': 'PEM' });
    expect(backends.map(({ name, ca }) => [name, ca])).toEqual([
      ['http://a', null],
      ['http://b', 'PEM'],
    ]);
  });

  it('listens with the certificate and its hidden key', () => {
    const { tls } = resolve({ 'settings.tls.cert': 'CERT', 'settings.tls.key': 'KEY' }).settings;
    expect(tls?.cert).toBe('CERT');
    expect(tls?.key.reveal()).toBe('KEY');
    expect(JSON.stringify(tls)).toBe('{"cert":"CERT","key":"[secret]"}');
  });
});
