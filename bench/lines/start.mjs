import { limitRow } from '../rows.mjs';
import { median } from '../statistics.mjs';
import { withSubjects } from '../subjects.mjs';

const STARTS = { quick: 3, full: 7 };

export const name = 'start';
export const when = 'always';

/** @param {import('../lines.mjs').Bench} bench */
export async function run(bench) {
  const seconds = [];
  for (let start = 0; start < STARTS[bench.scale]; start += 1) {
    const startMs = await withSubjects(
      [() => bench.subjects.sluice('sluice')],
      async ([sluice]) => sluice.startMs,
    );
    seconds.push(startMs / 1000);
  }
  return [
    limitRow({
      what: 'start to first 200',
      amount: median(seconds),
      unit: 's',
      below: 1.5,
      aim: 0.7,
      detail: `${seconds.length} starts, ${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)} s`,
    }),
  ];
}
