import { processorMs } from './process-figures.mjs';
import { median } from './statistics.mjs';

/**
 * Measures each subject in turn, over and over, so that a slow minute of the machine hits all.
 * @param {object} plan
 * @param {readonly import('./subjects.mjs').Subject[]} plan.subjects
 * @param {number} plan.rounds
 * @param {number} plan.roundMs
 * @param {number} plan.warmUpMs before the first round, not counted: code that is not compiled yet
 *   costs several times as much
 * @param {(subject: import('./subjects.mjs').Subject, durationMs: number) => Promise<number>} plan.measure
 * @returns {Promise<Map<string, { perSecond: number, busy: number }>>} by subject: the median,
 *   and which share of one core the subject used meanwhile
 */
export async function interleavedRounds({ subjects, rounds, roundMs, warmUpMs, measure }) {
  const measured = new Map(subjects.map(({ name }) => [name, { rates: [], busy: [] }]));
  for (const subject of subjects) await measure(subject, warmUpMs);
  for (let round = 0; round < rounds; round += 1) {
    for (const subject of subjects) {
      const figures = measured.get(subject.name);
      const before = { processor: processorMs(subject.pid), clock: performance.now() };
      figures.rates.push(await measure(subject, roundMs));
      const usedMs = processorMs(subject.pid) - before.processor;
      figures.busy.push(usedMs / (performance.now() - before.clock));
    }
  }
  return new Map(
    Array.from(measured, ([name, { rates, busy }]) => [
      name,
      { perSecond: median(rates), busy: median(busy) },
    ]),
  );
}
