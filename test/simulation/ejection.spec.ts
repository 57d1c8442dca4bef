import { describe, expect, it } from '@jest/globals';
import { usedOf } from '../../src/backends/choosing/ejection.js';
import { type BackendState } from '../../src/backends/state/backend-state.js';
import { fiftyBackends, gatewayChoice, wellBackend } from './fleet.js';
import { simulate } from './traffic.js';

const REQUESTS = 10_000;

interface Outage {
  /** Backends in usual use before each request. */
  readonly used: readonly number[];
  /** Backends whose breaker was open then. */
  readonly open: readonly number[];
  readonly failed: number;
}

/** Some of fifty backends fail from the second second to the sixth; the whole lasts twenty. */
function outageOf(failing: number): Outage {
  const used: number[] = [];
  const open: number[] = [];
  const { failed } = simulate({
    backends: fiftyBackends((at) =>
      wellBackend({
        statusAt: (nowMs) => (at < failing && nowMs > 2000 && nowMs < 6000 ? 503 : 200),
      }),
    ),
    requests: REQUESTS,
    everyMs: 2,
    chooser: gatewayChoice,
    seed: 7,
    watch: (states, nowMs) => {
      used.push(usedOf(states, nowMs).usual?.length ?? 0);
      open.push(states.filter((state: BackendState) => state.stateAt(nowMs) === 'open').length);
    },
  });
  return { used, open, failed };
}

describe('ejection', () => {
  it('takes out those that fail, as long as they are the smaller part', () => {
    const { used, failed } = outageOf(20);
    expect(Math.min(...used)).toBeLessThan(35);
    expect(failed).toBeLessThan(REQUESTS / 50);
  });

  it.each([20, 25])('never leaves less than half in use when %d fail', (failing) => {
    expect(Math.min(...outageOf(failing).used)).toBeGreaterThanOrEqual(25);
  });

  it.each([40, 49])(
    'never leaves less than half in use when %d fail and more look bad',
    (failing) => {
      const { used, open } = outageOf(failing);
      expect(Math.max(...open)).toBeGreaterThan(25);
      expect(Math.min(...used)).toBeGreaterThanOrEqual(25);
    },
  );

  it('leaves no more failures than retries may cover when 30 fail', () => {
    // A fifth of the requests of those four seconds.
    expect(outageOf(30).failed).toBeLessThan(2000 / 5);
  });

  it('brings all of them back', () => {
    const { used, open } = outageOf(20);
    expect([used.at(-1), open.at(-1)]).toEqual([50, 0]);
  });
});
