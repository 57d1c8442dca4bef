import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { type BackendConfig } from '../config/typed/backend-config.js';

/** Longest wait for an answer, whatever the interval of the probes. */
const MAX_TIMEOUT_MS = 5000;

/** Header fields by their names in lower case. */
export type LowerCaseHeaders = Readonly<Record<string, string>>;

/** What Sluice's own requests to a backend have in common: for probes and lists of models. */
export interface ControlRequestOptions {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
  readonly maxRedirects: 0;
  readonly proxy: false;
}

/** Each has a connection of its own; no proxy and no redirect is followed, as on the data path. */
export function controlOptions({ ca }: BackendConfig): ControlRequestOptions {
  return {
    httpAgent: new HttpAgent({ keepAlive: false }),
    httpsAgent: new HttpsAgent({ keepAlive: false, ...(ca === null ? {} : { ca }) }),
    maxRedirects: 0,
    proxy: false,
  };
}

/** The credentials that the configuration gives a backend, and the fields it adds. */
export function controlHeaders({ apiKey, headers }: BackendConfig): LowerCaseHeaders {
  return {
    accept: 'application/json',
    ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey.reveal()}` }),
    ...Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value.reveal()])),
  };
}

/** At most five seconds, or the interval of its probes. */
export function controlTimeoutMs({ health }: BackendConfig): number {
  return Math.min(health.intervalMs, MAX_TIMEOUT_MS);
}
