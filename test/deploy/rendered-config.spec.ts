import { expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config/load-config.js';
import { CERTIFICATES } from '../support/certificates.js';
import { configText, VALUES_FILES } from './chart.js';
import { describeWith } from './tools.js';

/** What the Secrets of the values files hold. */
const ENV = { VLLM_KEY: 'vllm', DATABASE_URL: 'postgres://127.0.0.1/sluice' };
const FILES: Readonly<Record<string, string>> = {
  '/run/secrets/openai/key': 'openai',
  '/run/secrets/tls/tls.crt': CERTIFICATES.cert,
  '/run/secrets/tls/tls.key': CERTIFICATES.key,
};

describeWith(['helm'], 'the configuration in the ConfigMap', () => {
  it.each(VALUES_FILES)('is one that Sluice accepts, from %s', (file) => {
    const { backends } = load(configText(file));
    expect(backends.map(({ name }) => name)).not.toEqual([]);
  });

  it('says what the values say', () => {
    const { settings, fallbackBackends } = load(configText('fleet-values.yaml'));
    expect(settings.listen).toEqual({ host: '0.0.0.0', port: 8080 });
    expect(settings.drain).toEqual({ delayMs: 15_000, deadlineMs: 900_000 });
    expect(fallbackBackends.map(({ apiKey }) => apiKey?.reveal())).toEqual(['openai']);
  });

  it('listens on every address of both families where it is told to', () => {
    const { listen } = load(configText('tls-values.yaml')).settings;
    expect(listen).toEqual({ host: '::', port: 8443 });
  });
});

function load(text: string) {
  return loadConfig({
    env: { SLUICE_CONFIG: '/etc/sluice/config.json', ...ENV },
    cwd: '/app',
    readFile: (path) => {
      const content = path === '/etc/sluice/config.json' ? text : FILES[path];
      if (content !== undefined) return content;
      throw Object.assign(new Error(path), { code: 'ENOENT' });
    },
  });
}
