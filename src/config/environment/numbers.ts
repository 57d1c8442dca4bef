import { type ConfigFault } from '../config-error.js';
import { MAX_SECONDS } from '../duration.js';
import { readPort } from '../typed/listen-address.js';
import { type Environment } from './environment.js';

/** A duration in seconds; null when the variable is not set or wrong. */
export function readSeconds(
  environment: Environment,
  name: string,
): { readonly seconds: number | null; readonly faults: readonly ConfigFault[] } {
  const text = environment.get(name);
  if (text === undefined) return { seconds: null, faults: [] };
  const seconds = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : NaN;
  return seconds <= MAX_SECONDS
    ? { seconds, faults: [] }
    : {
        seconds: null,
        faults: [{ path: name, message: `must be seconds, 0 to ${MAX_SECONDS}` }],
      };
}

/** A port; null when the variable is not set or wrong. */
export function readPortVariable(
  environment: Environment,
  name: string,
): { readonly port: number | null; readonly faults: readonly ConfigFault[] } {
  const text = environment.get(name);
  if (text === undefined) return { port: null, faults: [] };
  const port = readPort(text);
  return {
    port,
    faults: port === null ? [{ path: name, message: 'must be a port, 0 to 65535' }] : [],
  };
}
