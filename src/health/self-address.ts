import { type SettingsConfig } from '../config/typed/settings-config.js';

/** Addresses that mean every address of the machine, and the one to reach them by from inside. */
const LOOPBACK_OF: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
]);

/** Where a process on the same machine finds the liveness probe of a gateway with these settings. */
export function selfAddress({ listen, tls }: Pick<SettingsConfig, 'listen' | 'tls'>): string {
  const host = LOOPBACK_OF.get(listen.host) ?? listen.host;
  const authority = host.includes(':') ? `[${host}]` : host;
  return `${tls === null ? 'http' : 'https'}://${authority}:${listen.port}/health/live`;
}
