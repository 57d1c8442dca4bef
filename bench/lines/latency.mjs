import { interleavedLatencies } from '../latencies.mjs';
import { limitRow } from '../rows.mjs';
import { median } from '../statistics.mjs';
import { withSubjects } from '../subjects.mjs';

export const name = 'latency';
export const when = 'always';

/**
 * One connection, one request at a time: what Sluice adds where nginx stood before, or over the
 * upstream itself where there is no nginx.
 * @param {import('../lines.mjs').Bench} bench
 */
export async function run(bench) {
  const { nginx, direct, sluice } = bench.subjects;
  const starters = [nginx, direct, () => sluice('sluice', { output: 'keep' })];
  return withSubjects(starters, async (subjects) => {
    const latencies = await interleavedLatencies(bench, subjects);
    const baseline = latencies.has('nginx') ? 'nginx' : 'direct';
    const rowFor = (key, below, aim) => {
      const at = (subject) => median(latencies.get(subject).map((round) => round[key]));
      return limitRow({
        what: `added latency against ${baseline}, one connection, ${key}`,
        amount: at('sluice') - at(baseline),
        unit: 'ms',
        below,
        aim,
        detail: [...latencies.keys()]
          .map((subject) => `${subject} ${at(subject).toFixed(3)} ms`)
          .join(', '),
      });
    };
    return [rowFor('p50', 0.1, 0.05), rowFor('p99', 1)];
  });
}
