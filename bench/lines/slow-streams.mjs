import { setTimeout as wait } from 'node:timers/promises';
import { poolTo, readStream } from '../load/event-stream.mjs';
import { residentBytes } from '../process-figures.mjs';
import { claimRow, limitRow } from '../rows.mjs';
import { percentile } from '../statistics.mjs';
import { delaysMsIn, slowBodyBytes } from '../streams/slow.mjs';
import { withSubjects } from '../subjects.mjs';

const STREAMS = 1000;
const INTERVAL_MS = 200;
const EVENTS = { quick: 20, full: 75 };
const SAMPLE_MS = 100;
const MB = 1024 * 1024;

export const name = 'slow-streams';
export const when = 'always';

/** @param {import('../lines.mjs').Bench} bench */
export async function run(bench) {
  const events = EVENTS[bench.scale];
  const { direct, sluice } = bench.subjects;
  return withSubjects([direct, () => sluice('sluice')], async ([direct, sluice]) => {
    const alone = await streamTogether(direct, events);
    const through = await streamTogether(sluice, events);
    const p99 = percentile(through.delaysMs, 0.99);
    const aloneP99 = percentile(alone.delaysMs, 0.99);
    return [
      claimRow({
        what: `${STREAMS} concurrent slow streams, every byte arrives`,
        holds: through.whole === STREAMS,
        detail: `${through.whole} of ${STREAMS} streams whole, ${events} events each, one every ${INTERVAL_MS} ms`,
      }),
      limitRow({
        what: `${STREAMS} concurrent slow streams, RSS`,
        amount: through.peakBytes / MB,
        unit: 'MB',
        below: 200,
        aim: 150,
        detail: 'highest of the samples',
      }),
      limitRow({
        what: `${STREAMS} concurrent slow streams, p99 delay of a chunk`,
        amount: p99,
        unit: 'ms',
        below: 5,
        detail: `direct, on the same clock and load: ${aloneP99.toFixed(2)} ms`,
      }),
    ];
  });
}

async function streamTogether({ port, pid }, events) {
  const pool = poolTo(port);
  const delaysMs = [];
  const streams = [];
  const peak = samplePeak(pid);
  try {
    for (let stream = 0; stream < STREAMS; stream += 1) {
      streams.push(readOne(pool, events, delaysMs));
      // Spread over two intervals, as no thousand clients start in the same millisecond.
      if (stream % 5 === 0) await wait((2 * INTERVAL_MS * 5) / STREAMS);
    }
    const whole = (await Promise.all(streams)).filter(Boolean).length;
    return { whole, delaysMs, peakBytes: peak.read() };
  } finally {
    peak.stop();
    await pool.close();
  }
}

async function readOne(pool, events, delaysMs) {
  try {
    const bytes = await readStream(pool, `slow:${events}:${INTERVAL_MS}`, (chunk) =>
      delaysMs.push(...delaysMsIn(chunk.toString('latin1'))),
    );
    return bytes === slowBodyBytes(events);
  } catch {
    // A stream that was cut is counted as one that did not arrive whole.
    return false;
  }
}

function samplePeak(pid) {
  let peakBytes = residentBytes(pid);
  const timer = setInterval(() => {
    peakBytes = Math.max(peakBytes, residentBytes(pid));
  }, SAMPLE_MS);
  return { read: () => peakBytes, stop: () => clearInterval(timer) };
}
