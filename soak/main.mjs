import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { tableOf } from '../bench/table.mjs';
import { startSluice } from '../demo/sluice.mjs';
import { startBackends } from './backends.mjs';
import { createReloads, recordsFile, soakConfig } from './configuration.mjs';
import { applyLoad } from './load.mjs';
import { reconcile } from './records.mjs';
import { outcomeTable, restsTable, rowsOf, samplesTable } from './report.mjs';
import { createRests } from './rests.mjs';
import { look, metricsOf, sampleEachSecond } from './samples.mjs';
import { afterAll, settled } from './settled.mjs';
import { startTroubles } from './troubles.mjs';

const MS_PER_MINUTE = 60_000;
const MAX_MINUTES = 24 * 60;
const MAX_RATE = 2000;
/** Of the load; after each it rests. */
const PARTS = 10;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    rate: { type: 'string', default: '150' },
  },
});
const minutes = numberFrom('minutes', MAX_MINUTES);
const requestsPerSecond = numberFrom('rate', MAX_RATE);
const findings = await soak();
console.log(`\n${samplesTable(findings.samples)}`);
console.log(`\n${restsTable(findings.rests)}`);
console.log(`\n${outcomeTable(findings)}`);
const rows = rowsOf(findings);
for (const { what, detail } of rows) console.log(`\n${what}\n  ${detail}`);
console.log(`\n${tableOf(rows)}`);
if (rows.some(({ verdict }) => verdict !== 'ok')) process.exitCode = 1;

/** @returns {Promise<import('./report.mjs').Findings>} */
async function soak() {
  // What was started last ends first, whatever happened in between.
  const endings = [];
  try {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-soak-'));
    endings.push(() => rm(folder, { recursive: true, force: true }));
    const backends = await startBackends();
    endings.push(() => backends.close());
    const config = soakConfig({ urls: backends.urls, folder });
    const { launcher, rest } = createRests(folder);
    const gateway = await startSluice(config, { launcher });
    endings.push(() => gateway.stop());
    stopOnSignal(endings);
    console.log(`${minutes} minutes at ${requestsPerSecond} requests/s, process ${gateway.pid}`);
    const before = await look(gateway);
    const sampling = sampleEachSecond(gateway);
    const reloads = createReloads(gateway.configFile, config);
    const troubles = startTroubles({ backends, reloads });
    const { notes, rests } = await loadAndRest(gateway, rest);
    await sampling.stop();
    await troubles.stop();
    const { after, summary } = await settled(gateway, {
      before,
      requests: notes.size,
      reloads: reloads.counts,
    });
    const metrics = await metricsOf(gateway.url);
    // The file is whole once the gateway has ended.
    await gateway.stop();
    const records = await reconcile(recordsFile(folder), notes);
    const { samples } = sampling;
    return { notes, rests, before, after, samples, summary, records, metrics, reloads, backends };
  } finally {
    await afterAll(endings);
  }
}

// Between the parts nothing is under way, so that what is kept can be told.
async function loadAndRest({ port }, rest) {
  const notes = new Map();
  const rests = [];
  for (let part = 0; part < PARTS; part += 1) {
    const more = await applyLoad({
      port,
      requestsPerSecond,
      durationMs: (minutes * MS_PER_MINUTE) / PARTS,
      firstTurn: notes.size,
    });
    for (const [id, note] of more) notes.set(id, note);
    rests.push(await rest(notes.size));
  }
  return { notes, rests };
}

function stopOnSignal(endings) {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, async () => {
      await afterAll(endings);
      process.exit(130);
    });
  }
}

function numberFrom(name, most) {
  const number = Number(values[name]);
  if (number > 0 && number <= most) return number;
  console.error(`--${name} must be a number above 0, at most ${most}.`);
  process.exit(2);
}
