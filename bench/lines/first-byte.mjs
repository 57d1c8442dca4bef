import { poolTo, readStream } from '../load/event-stream.mjs';
import { limitRow } from '../rows.mjs';
import { median } from '../statistics.mjs';
import { withSubjects } from '../subjects.mjs';

const STREAMS = { quick: 200, full: 1000 };
// Code that is not compiled yet costs several times as much.
const WARM_UP_STREAMS = 300;
// The first event comes with the head, a second one later, so that nothing else is under way.
const MODEL = 'slow:2:2';

export const name = 'first-byte';
export const when = 'always';

/** @param {import('../lines.mjs').Bench} bench */
export async function run(bench) {
  const { direct, nginx, sluice } = bench.subjects;
  return withSubjects([direct, nginx, () => sluice('sluice')], async (subjects) => {
    const delays = new Map(subjects.map((subject) => [subject.name, []]));
    const pools = subjects.map((subject) => ({ subject, pool: poolTo(subject.port) }));
    try {
      for (let stream = -WARM_UP_STREAMS; stream < STREAMS[bench.scale]; stream += 1) {
        for (const { subject, pool } of pools) {
          const delayMs = await firstByteMs(pool);
          if (stream >= 0) delays.get(subject.name).push(delayMs);
        }
      }
    } finally {
      for (const { pool } of pools) await pool.close();
    }
    const medians = new Map(Array.from(delays, ([subject, sample]) => [subject, median(sample)]));
    return [
      limitRow({
        what: 'first byte of a stream later than direct, median',
        amount: medians.get('sluice') - medians.get('direct'),
        unit: 'ms',
        below: 1,
        aim: 0.3,
        detail: Array.from(medians, ([subject, ms]) => `${subject} ${ms.toFixed(3)} ms`).join(', '),
      }),
    ];
  });
}

async function firstByteMs(pool) {
  const startedAt = performance.now();
  let firstMs = null;
  await readStream(pool, MODEL, () => {
    firstMs ??= performance.now() - startedAt;
  });
  return firstMs;
}
