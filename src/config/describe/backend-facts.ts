import { type BackendConfig } from '../typed/backend-config.js';
import { type TimeoutsConfig } from '../typed/timeouts-config.js';
import { type Facts, printable, seconds, told } from './fact.js';
import { paramsFacts } from './params-facts.js';
import { describePolicy } from './reasoning-facts.js';

/** A backend in words, without its name and its URL. */
export function backendFacts(backend: BackendConfig): Facts {
  const { basePath, apiKey, headers, health, model, weight, maxInFlight } = backend;
  const key =
    apiKey === null ? "the client's Authorization is passed on" : `its own, ${String(apiKey)}`;
  const fields = headers.map(([field, value]) => `${field}: ${String(value)}`).join(', ');
  return {
    key: { shown: key, value: apiKey },
    models: told(backend.models.map(printable).join(', ')),
    ...(model !== null && { 'asked for': told(`${printable(model)}, whatever was requested`) }),
    ...(headers.length > 0 && { headers: { shown: fields, value: headers } }),
    weight: told(String(weight)),
    'at once': told(maxInFlight === 0 ? 'any number' : `at most ${maxInFlight}`),
    timeouts: told(describeTimeouts(backend.timeouts)),
    ...paramsFacts(backend.params),
    reasoning: { shown: describePolicy(backend.reasoning), value: backend.reasoning },
    ...(backend.ca !== null && {
      ca: { shown: 'a certificate authority of its own', value: backend.ca },
    }),
    health: told(`GET ${basePath}${health.path} every ${seconds(health.intervalMs)}`),
  };
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
