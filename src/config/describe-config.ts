import { formatAddress } from './listen-address.js';
import {
  type BackendConfig,
  type ReasoningPolicy,
  type SettingsConfig,
  type SluiceConfig,
  type TimeoutsConfig,
} from './sluice-config.js';

/** What a configuration means, as text for a terminal, ending in a newline. Secrets are masked. */
export function describeConfig({ backends, settings, warnings }: SluiceConfig): string {
  return [
    ...describeSettings(settings),
    ...backends.flatMap(describeBackend),
    ...warnings.map((warning) => `warning: ${warning}`),
    '',
  ].join('\n');
}

function describeSettings({
  listen,
  tls,
  keepaliveMs,
  limits,
  drain,
  log,
}: SettingsConfig): string[] {
  return [
    `listens on ${tls === null ? 'http' : 'https'}://${formatAddress(listen)}`,
    ...rows({
      keepalive: keepaliveMs === 0 ? 'never' : `after ${seconds(keepaliveMs)} of silence`,
      limits:
        `JSON body ${limits.maxBodyBytes} B, target ${limits.maxTargetBytes} B, ` +
        `head ${limits.maxHeaderBytes} B, ${limits.maxInFlight} exchanges at once, ` +
        `request ${seconds(limits.requestMs)}`,
      drain: `${seconds(drain.delayMs)} unready, then up to ${seconds(drain.deadlineMs)}`,
      log: log.level,
      ...(tls !== null && { 'tls key': String(tls.key) }),
    }),
  ];
}

function describeBackend(backend: BackendConfig): string[] {
  const { name, origin, basePath, apiKey, headers, health } = backend;
  return [
    `backend "${name}" at ${origin}${basePath}`,
    ...rows({
      key:
        apiKey === null ? "the client's Authorization is passed on" : `its own, ${String(apiKey)}`,
      models: backend.models.map(printable).join(', '),
      ...(backend.model !== null && {
        'asked for': `${printable(backend.model)}, whatever was requested`,
      }),
      ...(headers.length > 0 && {
        headers: headers.map(([field, value]) => `${field}: ${String(value)}`).join(', '),
      }),
      timeouts: describeTimeouts(backend.timeouts),
      reasoning: describeReasoning(backend.reasoning),
      ...(backend.ca !== null && { ca: 'a certificate authority of its own' }),
      health: `GET ${basePath}${health.path} every ${seconds(health.intervalMs)}`,
    }),
  ];
}

function describeTimeouts(timeouts: TimeoutsConfig): string {
  const limits: readonly (readonly [name: string, ms: number])[] = [
    ['connect', timeouts.connectMs],
    ['headers', timeouts.headersMs],
    ['first_token', timeouts.firstTokenMs],
    ['idle', timeouts.idleMs],
    ['total', timeouts.totalMs],
  ];
  return limits.map(([name, ms]) => `${name} ${ms === 0 ? 'none' : seconds(ms)}`).join(', ');
}

function describeReasoning(policy: ReasoningPolicy): string {
  const { input, output, openTag, closeTag, history, harmonyCalls } = policy;
  const fields = policy.fields ?? (output === 'tags' ? 'keep' : 'rewrite');
  const read =
    typeof input === 'string' ? input : `${quoted(input.open)} to ${quoted(input.close)}`;
  const written = output === 'tags' ? `tags ${quoted(openTag)} and ${quoted(closeTag)}` : output;
  return `input ${read}, output ${written}, fields ${fields}, history ${history}, harmony calls ${harmonyCalls}`;
}

function rows(facts: Readonly<Record<string, string>>): string[] {
  return Object.entries(facts).map(([name, fact]) => `  ${name.padEnd(10)} ${fact}`);
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}

// A line end or an escape in a name must not reach the terminal as one.
function printable(name: string): string {
  return /^[\x20-\x7e]+$/.test(name) ? name : quoted(name);
}

function quoted(marker: string): string {
  return JSON.stringify(marker);
}
