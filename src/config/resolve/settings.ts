import { toMs } from '../duration.js';
import { Secret } from '../secret.js';
import { type LimitsSection, type SettingsSection } from '../sections/settings.section.js';
import { readAffinity } from '../typed/affinity.js';
import { type ListenAddress, readListen } from '../typed/listen-address.js';
import { type LimitsConfig, type SettingsConfig } from '../typed/settings-config.js';
import { resolveAnalytics } from './analytics.js';
import { type Overrides } from './overrides.js';
import { toParams } from './params.js';

/** What surrounds the settings of the file. */
export interface SettingsSurroundings {
  readonly overrides: Overrides;
  /** PEM texts by the path of the key that names their file. */
  readonly pems: ReadonlyMap<string, string>;
  /** Where relative paths start from. */
  readonly folder: string;
}

/** The settings of the file under what the environment says. */
export function resolveSettings(
  section: SettingsSection,
  { overrides, pems, folder }: SettingsSurroundings,
): SettingsConfig {
  return {
    listen: resolveListen(section.listen, overrides),
    keepaliveMs: toMs(section.keepalive),
    limits: resolveLimits(section.limits),
    retries: { maxRepeats: section.retries.attempts, budget: section.retries.budget },
    affinity: readAffinity(section.affinity) ?? null,
    queue: { max: section.queue.max, timeoutMs: toMs(section.queue.timeout) },
    params: toParams(section.params),
    tls: resolveTls(pems),
    drain: { delayMs: toMs(section.drain.delay), deadlineMs: toMs(section.drain.deadline) },
    adminKey: section.admin_key === '' ? null : new Secret(section.admin_key),
    analytics: resolveAnalytics(section.analytics, { folder, databaseUrl: overrides.databaseUrl }),
    log: {
      level: overrides.isDebug ? 'debug' : section.log.level,
      hasBodies: section.log.bodies,
    },
  };
}

function resolveListen(listen: string, { host, port }: Overrides): ListenAddress {
  const written = readListen(listen) ?? { host: '0.0.0.0', port: 8080 };
  return { host: host ?? written.host, port: port ?? written.port };
}

function resolveLimits(limits: LimitsSection): LimitsConfig {
  return {
    maxBodyBytes: limits.body_bytes,
    maxInFlight: limits.in_flight,
    maxTargetBytes: limits.target_bytes,
    maxHeaderBytes: limits.header_bytes,
    requestMs: toMs(limits.request_seconds),
    stalledReaderMs: toMs(limits.stalled_reader_seconds),
  };
}

function resolveTls(pems: ReadonlyMap<string, string>): SettingsConfig['tls'] {
  const cert = pems.get('settings.tls.cert');
  const key = pems.get('settings.tls.key');
  return cert === undefined || key === undefined ? null : { cert, key: new Secret(key) };
}
