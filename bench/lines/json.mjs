import { repliesPerSecond } from '../load/throughput.mjs';
import { ratioLine } from '../ratio-line.mjs';
import { checkBytes } from '../reply-checks.mjs';
import { JSON_BODY } from '../upstream-replies.mjs';

const CONNECTIONS = 32;

export const name = 'json';
export const when = 'always';

/** @param {import('../lines.mjs').Bench} bench */
export async function run(bench) {
  const { nginx, bare, sluice } = bench.subjects;
  return [
    await ratioLine({
      bench,
      what: `JSON pass-through, 1.2 KB reply, ${CONNECTIONS} connections`,
      starters: [nginx, bare, () => sluice('sluice', { output: 'keep' }), () => sluice('default')],
      check: (subject) => checkBytes(subject, { model: 'json', body: JSON_BODY }),
      load: ({ port, durationMs }) =>
        repliesPerSecond({ port, durationMs, model: 'json', connections: CONNECTIONS }),
      unit: 'requests/s',
      claim: { judged: 'sluice', against: 'bare', atLeast: 0.5, aim: 0.7 },
    }),
  ];
}
