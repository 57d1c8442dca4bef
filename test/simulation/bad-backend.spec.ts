import { describe, expect, it } from '@jest/globals';
import { leastLoadedOfTwo } from '../../src/backends/choosing/balancer.js';
import { type Random } from '../../src/exchange/timing/random.js';
import { around } from './durations.js';
import { everyMsFor, fiftyBackends, gatewayChoice, wellBackend } from './fleet.js';
import { type Chooser, p99, roundRobin, simulate, type TrafficResult } from './traffic.js';

const REQUESTS = 10_000;
/** Requests to a backend of fifty that are alike. */
const SHARE = REQUESTS / 50;

describe('one slow backend among 50', () => {
  const run = (slowness: number, chooser: (random: Random) => Chooser): TrafficResult =>
    simulate({
      backends: fiftyBackends((at) =>
        at === 0
          ? wellBackend({ serviceMs: (random) => around(400 * slowness, random) })
          : wellBackend(),
      ),
      requests: REQUESTS,
      everyMs: everyMsFor(4),
      chooser,
      seed: 5,
    });

  it.each([3, 10])(
    '%d times as slow makes nobody wait or last longer than in turn, at the 99th percentile',
    (slowness) => {
      const [ours, inTurn] = [run(slowness, gatewayChoice), run(slowness, roundRobin)];
      expect(p99(ours.waitsMs)).toBeLessThanOrEqual(p99(inTurn.waitsMs));
      expect(p99(ours.latenciesMs)).toBeLessThanOrEqual(p99(inTurn.latenciesMs));
      expect(p99(ours.waitsMs)).toBeLessThan(100);
    },
  );

  it('makes nobody wait longer than in turn when there is none', () => {
    expect(p99(run(1, gatewayChoice).waitsMs)).toBeLessThanOrEqual(p99(run(1, roundRobin).waitsMs));
  });
});

describe('one backend that answers 503 in a millisecond', () => {
  const run = (running: number, chooser: (random: Random) => Chooser): number => {
    const { counts } = simulate({
      backends: fiftyBackends((at) => wellBackend({ statusAt: () => (at === 0 ? 503 : 200) })),
      requests: REQUESTS,
      everyMs: everyMsFor(running),
      chooser,
      seed: 6,
    });
    return counts[0] ?? 0;
  };
  const withoutBreaker =
    (random: Random): Chooser =>
    (states, nowMs) =>
      leastLoadedOfTwo(states, { nowMs, random });

  it.each([0.3, 2, 6])('gets a tenth of its share, with %d running at each', (running) => {
    expect(run(running, gatewayChoice)).toBeLessThan(SHARE / 10);
  });

  it.each([0.3, 2, 6])('gets so little by its load alone, with %d running', (running) => {
    expect(run(running, withoutBreaker)).toBeLessThan(SHARE / 10);
  });
});
