import { chooseBackend } from '../../src/backends/choosing/choice.js';
import { type Random } from '../../src/exchange/timing/random.js';
import { around } from './durations.js';
import { type Chooser, type SimulatedBackend } from './traffic.js';

const MEAN_SERVICE_MS = 400;
const SLOTS = 8;

/** A backend that is well: eight slots, 400 ms a request on average. */
export function wellBackend(special: Partial<SimulatedBackend> = {}): SimulatedBackend {
  return {
    weight: 1,
    slots: SLOTS,
    serviceMs: (random) => around(MEAN_SERVICE_MS, random),
    statusAt: () => 200,
    ...special,
  };
}

/** Fifty backends, each made by its place among them. */
export function fiftyBackends(make: (at: number) => SimulatedBackend): SimulatedBackend[] {
  return Array.from({ length: 50 }, (_, at) => make(at));
}

/** The mean time between two requests that keeps so many running at each of fifty backends. */
export function everyMsFor(runningPerBackend: number): number {
  return MEAN_SERVICE_MS / (runningPerBackend * 50);
}

/** The choice as the gateway makes it, by load. */
export function gatewayChoice(random: Random): Chooser {
  return (states, nowMs) => {
    const preference = { by: 'load' } as const;
    const choice = chooseBackend({ tiers: [states], tried: [], preference, nowMs, random });
    return choice.kind === 'chosen' ? choice.backend : null;
  };
}
