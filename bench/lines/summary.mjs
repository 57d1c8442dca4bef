import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { summaryOf, summaryQueries } from '../../dist/analytics/api/queries/summary.js';
import { createDuckDbSink } from '../../dist/analytics/sinks/duckdb/duckdb-sink.js';
import { onAllCores } from '../cores.mjs';
import { recordBatches } from '../record-batches.mjs';
import { limitRow } from '../rows.mjs';
import { median } from '../statistics.mjs';

const RECORDS = 1_000_000;
const ASKED = { quick: 11, full: 41 };

export const name = 'summary';
export const when = 'long';

/**
 * No load runs beside it, and a gateway's database has every core as well.
 * @param {import('../lines.mjs').Bench} bench
 */
export function run(bench) {
  return onAllCores(() => summarized(bench));
}

async function summarized(bench) {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  const sink = createDuckDbSink({ path: join(folder, 'analytics.duckdb') }, 'duckdb');
  try {
    await sink.open();
    const writing = await written(sink);
    const answersMs = [];
    for (let time = 0; time < ASKED[bench.scale]; time += 1) answersMs.push(await asked(sink));
    return [
      limitRow({
        what: 'summary of 1,000,000 records from DuckDB',
        amount: median(answersMs),
        unit: 'ms',
        below: 100,
        detail: `${answersMs.length} times, ${Math.min(...answersMs).toFixed(0)} to ${Math.max(...answersMs).toFixed(0)} ms; ${writing}`,
      }),
    ];
  } finally {
    await sink.close();
    await rm(folder, { recursive: true });
  }
}

/** @returns {Promise<string>} what it took */
async function written(sink) {
  let cpuMicros = 0;
  let wallMs = 0;
  for (const batch of recordBatches(RECORDS)) {
    const start = performance.now();
    const before = process.cpuUsage();
    await sink.write(batch);
    const { user, system } = process.cpuUsage(before);
    cpuMicros += user + system;
    wallMs += performance.now() - start;
  }
  const perRecord = (cpuMicros / RECORDS).toFixed(1);
  return `written before at ${Math.round((RECORDS / wallMs) * 1000).toLocaleString('en')} records/s, ${perRecord} µs of all cores each`;
}

async function asked(sink) {
  const selection = { period: { fromMs: null, toMs: null }, filters: [] };
  const queries = summaryQueries(selection);
  const start = performance.now();
  const rows = await Promise.all(queries.map((query) => sink.rows(query)));
  const tookMs = performance.now() - start;
  const { requests } = summaryOf(rows.flat(), selection.period);
  if (requests !== RECORDS) throw new Error(`${requests} of ${RECORDS} records`);
  return tookMs;
}
