import { repliesPerSecond } from '../load/throughput.mjs';
import { ratioLine } from '../ratio-line.mjs';
import { checkBytes } from '../reply-checks.mjs';
import { streamBody } from '../upstream-replies.mjs';

const CONNECTIONS = 16;

export const name = 'stream';
export const when = 'always';

/** @param {import('../lines.mjs').Bench} bench */
export async function run(bench) {
  const lateRead = await passThrough(bench, 'plain', 'in one HTTP chunk');
  if (bench.scale === 'quick') return [lateRead];
  return [lateRead, await passThrough(bench, 'plain-chunked', 'each its own HTTP chunk')];
}

function passThrough(bench, model, framing) {
  const { nginx, bare, sluice } = bench.subjects;
  return ratioLine({
    bench,
    what: `stream of 126 events passed through, ${framing}, ${CONNECTIONS} connections`,
    starters: [nginx, bare, () => sluice('sluice', { output: 'keep' })],
    check: (subject) => checkBytes(subject, { model, body: streamBody('plain') }),
    load: ({ port, durationMs }) =>
      repliesPerSecond({ port, durationMs, model, connections: CONNECTIONS }),
    unit: 'streams/s',
    claim: { judged: 'sluice', against: 'bare', atLeast: 0.5, aim: 0.75 },
  });
}
