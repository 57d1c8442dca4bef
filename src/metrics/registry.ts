import { collectDefaultMetrics, Registry } from 'prom-client';

/** Injection token of the prom-client {@link Registry} that Sluice's metrics are registered with. */
export const REGISTRY = Symbol('REGISTRY');

const PREFIX = 'sluice_';

let ofProcess: Registry | null = null;

/**
 * Metrics of the process: CPU, memory, garbage collection, event-loop delay. They watch the
 * process and cannot be stopped, so there is one set, however many gateways it holds.
 */
export function processRegistry(): Registry {
  if (ofProcess === null) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess, prefix: PREFIX });
  }
  return ofProcess;
}
