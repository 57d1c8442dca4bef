import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { besideEachOther, columnWidth, paletteFor } from './columns.mjs';
import { freePort } from './free-port.mjs';
import { startModelServer } from './model-server.mjs';
import { startSluice } from './sluice.mjs';
import { SUMMARY, summaryLines, summaryOf } from './summary.mjs';
import { causeOf, TOUR, tourConfig, visit } from './tour.mjs';

const TOKEN_DELAY_MS = 15;
const FAVOURITE_PORT = 8080;

const { values: options } = parseArgs({ options: { once: { type: 'boolean', default: false } } });
const { bold, dim, red, green } = paletteFor(process.stdout);
const width = columnWidth(process.stdout);

// A signal ends the tour after the stop it is at, so that everything is shut down in order.
const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort());
process.once('SIGTERM', () => interruption.abort());
// So does a reader that closes the pipe, such as `head`.
process.stdout.on('error', () => interruption.abort());

const modelServer = await startModelServer({ tokenDelayMs: TOKEN_DELAY_MS });
try {
  const port = await freePort(FAVOURITE_PORT);
  const sluice = await startSluice(tourConfig(modelServer.url), { port });
  try {
    console.log(
      `${bold('Sluice')} listens on ${sluice.url}, the scripted models on ${modelServer.url}`,
    );
    const failed = await takeTour({ modelUrl: modelServer.url, sluiceUrl: `${sluice.url}/v1` });
    if (failed > 0) process.exitCode = 1;
    if (!interruption.signal.aborted) await showSummary(sluice);
    if (!options.once && !interruption.signal.aborted) await stayUp(sluice);
  } finally {
    await sluice.stop();
  }
} catch (error) {
  console.error(red(error.message));
  process.exitCode = 1;
} finally {
  await modelServer.close();
}

async function takeTour(urls) {
  let visited = 0;
  let failed = 0;
  for (const stop of TOUR) {
    if (interruption.signal.aborted) break;
    const outcome = await visit(stop, urls);
    visited += 1;
    if (outcome.faults.length > 0) failed += 1;
    printStop({ title: `${visited}. ${stop.title}`, cause: causeOf(stop) }, outcome);
  }
  const verdict = `${visited - failed} of ${visited} as expected`;
  console.log(`\n${failed === 0 ? green(verdict) : red(verdict)}`);
  return failed;
}

function printStop({ title, cause }, { emitted, received, faults }) {
  console.log(`\n${bold(title)}`);
  console.log(`  ${cause}`);
  console.log(
    dim(besideEachOther(['the model emitted'], ['the client received'], width).join('\n')),
  );
  console.log(besideEachOther(linesOf(emitted), linesOf(received), width).join('\n'));
  console.log(dim(besideEachOther([paceOf(emitted)], [paceOf(received)], width).join('\n')));
  for (const fault of faults) console.log(red(`  not as expected: ${fault}`));
  if (faults.length === 0) console.log(green('  as expected'));
}

function linesOf({ fields }) {
  return Object.entries(fields).map(([name, text]) => `${name}: ${text.replaceAll('\n', '⏎')}`);
}

function paceOf({ chunks, firstMs, totalMs }) {
  if (chunks === 0) return `JSON after ${Math.round(totalMs)} ms`;
  return `${chunks} chunks, text from ${Math.round(firstMs)} ms to ${Math.round(totalMs)} ms`;
}

async function showSummary({ url }) {
  const lines = summaryLines(await summaryOf(url, TOUR.length));
  console.log(`\n${bold('Who used what')} (${url}${SUMMARY})\n`);
  for (const line of lines) console.log(`  ${line}`);
}

async function stayUp(sluice) {
  const url = `${sluice.url}/v1/chat/completions`;
  const curl = (model, more) =>
    `  curl ${more.includes('true') ? '-N ' : ''}${url} -H 'content-type: application/json' ` +
    `-d '{"model":"${model}","messages":[{"role":"user","content":"hi"}]${more}}'`;
  console.log(`\n${bold('Try it')} (Ctrl-C ends it):\n`);
  console.log(curl('harmony', ''));
  console.log(curl('harmony', ',"stream":true'));
  console.log(curl('think-field', ',"stream":true'));
  console.log(`  curl ${sluice.url}/v1/models`);
  console.log(`  curl '${sluice.url}/analytics/exchanges?limit=3'\n`);
  sluice.showLog(process.stderr);
  await once(interruption.signal, 'abort');
}
