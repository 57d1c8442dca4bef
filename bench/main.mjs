import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { separateCores } from './cores.mjs';
import { LINES } from './lines.mjs';
import { hasWrk } from './load/wrk.mjs';
import { hasNginx } from './nginx.mjs';
import { stopRunning, subjectsBefore } from './subjects.mjs';
import { tableOf } from './table.mjs';
import { startUpstream } from './upstream-process.mjs';

const SCALES = {
  quick: { rounds: 2, roundMs: 600, warmUpMs: 2000 },
  full: { rounds: 5, roundMs: 2000, warmUpMs: 6000 },
};
const BUSY_LOAD = 0.5;

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
const scale = options.quick ? 'quick' : 'full';
const selected = selectLines(options);

// Once this process is pinned it sees one core.
const cores = availableParallelism();
const { launcher, note } = separateCores();
describeMachine(note);
const upstream = await startUpstream();
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await stopRunning();
    await upstream.stop();
    process.exit(130);
  });
}
try {
  const subjects = subjectsBefore({ upstreamPort: upstream.port, launcher });
  const rows = await runLines(selected, { subjects, upstream, scale, ...SCALES[scale] });
  console.log(`\n${tableOf(rows)}`);
} finally {
  await upstream.stop();
}

function selectLines({ only, long }) {
  if (only === undefined) return LINES.filter(({ when }) => when === 'always' || long);
  const names = only.split(',');
  const unknown = names.filter((wanted) => !LINES.some(({ name }) => name === wanted));
  if (unknown.length > 0) {
    const known = LINES.map(({ name }) => name).join(', ');
    console.error(`There is no line named ${unknown.join(', ')}. The lines are ${known}.`);
    process.exit(2);
  }
  return LINES.filter(({ name }) => names.includes(name));
}

async function runLines(lines, bench) {
  const rows = [];
  for (const { name, run } of lines) {
    console.log(`\n${name}`);
    try {
      for (const row of await run(bench)) {
        console.log(
          `  ${row.what}: ${row.figure} ${row.budget && `(${row.budget})`} ${row.verdict}`,
        );
        console.log(`    ${row.detail}`);
        rows.push(row);
      }
    } catch (error) {
      // The other lines still have something to say; the exit code tells of this one.
      console.log(`  no figure: ${error.message}`);
      process.exitCode = 1;
    }
  }
  return rows;
}

function describeMachine(note) {
  const [{ model }] = cpus();
  console.log(`${model.trim()}, ${cores} cores, Node ${process.version}. ${note}`);
  if (!hasNginx()) {
    console.log('No nginx to compare with: apt-get install nginx-light, or set NGINX_BIN.');
  }
  if (!hasWrk()) {
    console.log('No wrk for the JSON load, our own is used: apt-get install wrk.');
  }
  const [load] = loadavg();
  if (load > BUSY_LOAD) console.log(`The machine is busy (load ${load.toFixed(1)}): expect noise.`);
}
