import { loadConfig } from '../../../src/config/load-config.js';
import { type BackendConfig } from '../../../src/config/typed/backend-config.js';
import { type SettingsConfig } from '../../../src/config/typed/settings-config.js';
import { type SluiceConfig } from '../../../src/config/typed/sluice-config.js';
import { PROBE_PATH } from '../upstream/scripted-upstream.js';

export type SettingsChoice = Partial<SettingsConfig>;

/** What the shortest configuration amounts to: no file, and one variable that names a backend. */
const DEFAULTS = loadConfig({
  env: { UPSTREAM: 'http://127.0.0.1:1' },
  cwd: '/',
  readFile: () => {
    throw Object.assign(new Error('tests read no file'), { code: 'ENOENT' });
  },
});

const NO_TIMEOUTS = { headersMs: 0, firstTokenMs: 0, idleMs: 0, totalMs: 0 };

/**
 * A backend at an origin or base URL, such as `http://127.0.0.1:1234`, whose replies are not
 * rewritten.
 */
export function backend(url: string, choice: Partial<BackendConfig> = {}): BackendConfig {
  const [defaults] = DEFAULTS.backends;
  if (defaults === undefined) throw new Error('no default backend');
  const { origin, pathname } = new URL(url);
  return {
    ...defaults,
    name: 'local',
    origin,
    basePath: pathname === '/' ? '/v1' : pathname.replace(/\/$/, ''),
    timeouts: { ...NO_TIMEOUTS, connectMs: 5_000 },
    reasoning: { ...defaults.reasoning, input: 'none', output: 'keep' },
    health: { path: PROBE_PATH, intervalMs: 600_000 },
    ...choice,
  };
}

/** A configuration with these backends, that listens on a free port of the loopback interface. */
export function configOf(
  backends: readonly BackendConfig[],
  settings: SettingsChoice = {},
): SluiceConfig {
  return { ...DEFAULTS, backends, settings: { ...SETTINGS, ...settings } };
}

/** What a `config.json` amounts to, listening on a free port of the loopback interface. */
export function writtenConfig(file: object): SluiceConfig {
  const { settings, ...rest } = loadConfig({
    env: {},
    cwd: '/',
    readFile: (path) => {
      if (path.endsWith('config.json')) return JSON.stringify(file);
      throw Object.assign(new Error('tests read no other file'), { code: 'ENOENT' });
    },
  });
  const { listen, drain, log } = SETTINGS;
  const analytics = saysAnalytics(file) ? settings.analytics : NO_ANALYTICS;
  return { ...rest, settings: { ...settings, listen, drain, log, analytics } };
}

/** The default limits with some of them changed. */
export function limits(choice: Partial<SettingsConfig['limits']>): SettingsConfig['limits'] {
  return { ...DEFAULTS.settings.limits, ...choice };
}

/** Whether a `config.json` has the key `settings.analytics`. */
export function saysAnalytics(file: object): boolean {
  const { settings }: { settings?: unknown } = file;
  return typeof settings === 'object' && settings !== null && 'analytics' in settings;
}

/** Unless a test asks for more no gateway under test opens files. */
const NO_ANALYTICS = { ...DEFAULTS.settings.analytics, isEnabled: false, sinks: [] };

const SETTINGS: SettingsConfig = {
  ...DEFAULTS.settings,
  listen: { host: '127.0.0.1', port: 0 },
  keepaliveMs: 0,
  drain: { delayMs: 0, deadlineMs: 5_000 },
  log: { level: 'silent', hasBodies: false },
  analytics: NO_ANALYTICS,
};
