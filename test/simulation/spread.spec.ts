import { describe, expect, it } from '@jest/globals';
import { everyMsFor, fiftyBackends, gatewayChoice, wellBackend } from './fleet.js';
import { simulate } from './traffic.js';

const REQUESTS = 10_000;

/** How far each count is from what its weight asks for, as a part of it. */
function deviations(counts: readonly number[], weights: readonly number[]): number[] {
  const perWeight = sum(counts) / sum(weights);
  return counts.map((count, at) => count / ((weights[at] ?? 0) * perWeight) - 1);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

describe('the spread of 10,000 requests over 50 backends', () => {
  it.each([0.1, 1, 6])('is even within 10%% with %d running at each', (running) => {
    const { counts } = simulate({
      backends: fiftyBackends(() => wellBackend()),
      requests: REQUESTS,
      everyMs: everyMsFor(running),
      chooser: gatewayChoice,
      seed: 1,
    });
    const even = counts.map(() => 1);
    expect(Math.max(...deviations(counts, even).map(Math.abs))).toBeLessThan(0.1);
  });

  it.each([0.1, 1, 4])('is within 10%% of weights 1 and 2 with %d running at each', (running) => {
    const weights = Array.from({ length: 50 }, (_, at) => 1 + (at % 2));
    const { counts } = simulate({
      backends: fiftyBackends((at) => wellBackend({ weight: weights[at] ?? 1, slots: 100 })),
      requests: REQUESTS,
      everyMs: everyMsFor(running),
      chooser: gatewayChoice,
      seed: 2,
    });
    expect(Math.max(...deviations(counts, weights).map(Math.abs))).toBeLessThan(0.1);
  });

  it.each([0.1, 1, 4])(
    'is within 10%% of weights 1, 3 and 9, each taken together, with %d running at each',
    (running) => {
      const weights = Array.from({ length: 50 }, (_, at) => 3 ** (at % 3));
      const { counts } = simulate({
        backends: fiftyBackends((at) => wellBackend({ weight: weights[at] ?? 1, slots: 100 })),
        requests: REQUESTS,
        everyMs: everyMsFor(running),
        chooser: gatewayChoice,
        seed: 3,
      });
      const classes = [0, 1, 2].map((rest) => (_: number, at: number) => at % 3 === rest);
      const countOf = classes.map((isOfClass) => sum(counts.filter(isOfClass)));
      const weightOf = classes.map((isOfClass) => sum(weights.filter(isOfClass)));
      expect(Math.max(...deviations(countOf, weightOf).map(Math.abs))).toBeLessThan(0.1);
    },
  );

  it('keeps a canary at a tenth, also with hardly a request at once', () => {
    const { counts } = simulate({
      backends: [wellBackend({ weight: 9 }), wellBackend()],
      requests: REQUESTS,
      everyMs: 400,
      chooser: gatewayChoice,
      seed: 4,
    });
    expect(Math.abs((counts[1] ?? 0) - 1000)).toBeLessThan(100);
  });
});
