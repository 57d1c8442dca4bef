import { BackendRegistry } from '../../../src/backends/backend-registry.js';
import { type ProbeFinding } from '../../../src/backends/state/backend-health.js';
import { eventually } from '../time/eventually.js';
import { type Gateway } from './gateway.js';

const UP: ProbeFinding = { status: 'up', latencyMs: 1 };
const DOWN: ProbeFinding = { status: 'down', latencyMs: 1, lastError: 'out of reach' };

/** Waits until the first probe of a backend has come back; gives back what it found. */
export async function probed(gateway: Gateway, name = 'local'): Promise<string> {
  const registry = gateway.app.get(BackendRegistry, { strict: false });
  const ask = async (): Promise<string> => {
    await (await fetch(`${gateway.url}/health/live`)).text();
    return registry.healthOf(name).status;
  };
  return eventually(ask, (status) => status !== 'unknown');
}

/** Makes the gateway believe that a backend was out of reach for two probes, so that it is spared. */
export async function believeDown(gateway: Gateway, name = 'local'): Promise<void> {
  await probed(gateway, name);
  const registry = gateway.app.get(BackendRegistry, { strict: false });
  for (let probe = 0; probe < 2; probe++) registry.probed(name, DOWN);
}

/** Makes the gateway believe that the latest probe reached a backend, so that it is tried. */
export async function believeUp(gateway: Gateway, name = 'local'): Promise<void> {
  await probed(gateway, name);
  gateway.app.get(BackendRegistry, { strict: false }).probed(name, UP);
}
