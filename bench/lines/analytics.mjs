import { interleavedLatencies } from '../latencies.mjs';
import { repliesPerSecond } from '../load/throughput.mjs';
import { ratioLine } from '../ratio-line.mjs';
import { limitRow } from '../rows.mjs';
import { median } from '../statistics.mjs';
import { withSubjects } from '../subjects.mjs';

const CONNECTIONS = 16;

export const name = 'analytics';
export const when = 'always';

/**
 * What keeping a record of each exchange costs: the same Sluice with analytics (DuckDB, the
 * default) and without.
 * @param {import('../lines.mjs').Bench} bench
 */
export async function run(bench) {
  const throughput = [];
  for (const model of ['json', 'metered', 'metered-chunked']) {
    throughput.push(await costOf(bench, model));
  }
  return [...throughput, await addedLatency(bench)];
}

function withAndWithout({ subjects: { sluiceWith } }) {
  const configOf = (analytics) => (url) => ({
    primary_backends: [{ name: 'bench', url }],
    settings: { reasoning: { output: 'keep' }, analytics },
  });
  return [
    () => sluiceWith('without', configOf({ enabled: false })),
    () => sluiceWith('with', configOf({ enabled: true })),
  ];
}

function costOf(bench, model) {
  return ratioLine({
    bench,
    what: `passed through with analytics against without, ${model}`,
    starters: withAndWithout(bench),
    load: ({ port, durationMs }) =>
      repliesPerSecond({ port, durationMs, model, connections: CONNECTIONS }),
    unit: 'replies/s',
    claim: { judged: 'with', against: 'without', atLeast: 0.95, aim: 1 },
  });
}

function addedLatency(bench) {
  return withSubjects(withAndWithout(bench), async (subjects) => {
    const latencies = await interleavedLatencies(bench, subjects);
    const p99Of = (subject) => median(latencies.get(subject).map(({ p99 }) => p99));
    return limitRow({
      what: 'p99 of a JSON reply that analytics add, one connection',
      amount: p99Of('with') - p99Of('without'),
      unit: 'ms',
      below: 1,
      detail: `without ${p99Of('without').toFixed(3)} ms, with ${p99Of('with').toFixed(3)} ms`,
    });
  });
}
