import { isIPv6 } from 'node:net';
import { type ConfigFault } from '../config-error.js';
import { readBaseUrl } from '../rules/base-url.js';
import { contradictions } from './contradictions.js';
import { type Environment } from './environment.js';
import { readPortVariable } from './numbers.js';

interface UrlRead {
  readonly name: string;
  /** Null when the variable is not set or wrong. */
  readonly url: string | null;
  /** Origin and path: equal for URLs that mean the same. */
  readonly meaning: string | null;
  readonly faults: readonly ConfigFault[];
}

/** What `UPSTREAM`, `TARGET_BASE_URL` and `UPSTREAM_HOST` with `UPSTREAM_PORT` say together. */
export function readUpstream(environment: Environment): {
  readonly url: string | null;
  readonly faults: readonly ConfigFault[];
} {
  const reads = [
    readUrl('UPSTREAM', environment.get('UPSTREAM')),
    readUrl('TARGET_BASE_URL', environment.get('TARGET_BASE_URL')),
    readHostAndPort(environment),
  ];
  return {
    url: reads.find(({ url }) => url !== null)?.url ?? null,
    faults: [
      ...reads.flatMap(({ faults }) => faults),
      ...contradictions(reads, 'they name different upstreams'),
      ...lonePortFaults(environment, reads),
    ],
  };
}

function readUrl(name: string, text: string | undefined): UrlRead {
  if (text === undefined) return { name, url: null, meaning: null, faults: [] };
  const read = readBaseUrl(text);
  return read.kind === 'url'
    ? { name, url: text, meaning: read.url.origin + read.url.path, faults: [] }
    : { name, url: null, meaning: null, faults: [{ path: name, message: read.problem }] };
}

function readHostAndPort(environment: Environment): UrlRead {
  const name = 'UPSTREAM_HOST';
  const host = environment.get(name);
  if (host === undefined) return readUrl(name, undefined);
  const { port, faults } = readPortVariable(environment, 'UPSTREAM_PORT');
  if (!isIPv6(host) && !/^(?:\[[^\]]+\]|[^\s:/?#@[\]]+)$/.test(host)) {
    const fault = { path: name, message: 'must be a host alone; a URL goes into UPSTREAM' };
    return { name, url: null, meaning: null, faults: [fault, ...faults] };
  }
  const authority = isIPv6(host) ? `[${host}]` : host;
  const read = readUrl(name, `http://${authority}${port === null ? '' : `:${port}`}`);
  return { ...read, faults: [...read.faults, ...faults] };
}

function lonePortFaults(environment: Environment, reads: readonly UrlRead[]): ConfigFault[] {
  if (environment.has('UPSTREAM_HOST') || !environment.has('UPSTREAM_PORT')) return [];
  const named = reads.find(({ meaning }) => meaning !== null);
  const { port } = readPortVariable(environment, 'UPSTREAM_PORT');
  if (named?.url == null) {
    return [{ path: 'UPSTREAM_PORT', message: 'says nothing without UPSTREAM_HOST' }];
  }
  return portOf(named.url) === port
    ? []
    : [{ path: 'UPSTREAM_PORT', message: `contradicts ${named.name}: they name different ports` }];
}

function portOf(text: string): number | null {
  const url = URL.parse(text);
  if (url === null) return null;
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}
