import { repliesPerSecond } from '../load/throughput.mjs';
import { ratioLine } from '../ratio-line.mjs';
import { checkBytes } from '../reply-checks.mjs';
import { JSON_BODY } from '../upstream-replies.mjs';

const CONNECTIONS = 32;
const BACKENDS = 50;
const MODELS = 200;

/** The one that the load asks for stands last. */
const OFFERED = [...Array.from({ length: MODELS - 1 }, (_, index) => `model-${index}`), 'json'];

export const name = 'routing';
export const when = 'always';

/** @param {import('../lines.mjs').Bench} bench */
export async function run(bench) {
  const { sluice, sluiceWith } = bench.subjects;
  return [
    await ratioLine({
      bench,
      what: `JSON chosen among ${BACKENDS} backends and ${MODELS} models, against one backend`,
      starters: [
        () => sluice('one', { output: 'keep' }),
        () =>
          sluiceWith('routed', (url) => ({
            primary_backends: Array.from({ length: BACKENDS }, (_, index) => ({
              name: `backend-${index}`,
              url,
            })),
            models: Object.fromEntries(OFFERED.map((model) => [model, {}])),
            settings: { reasoning: { output: 'keep' } },
          })),
      ],
      check: (subject) => checkBytes(subject, { model: 'json', body: JSON_BODY }),
      load: ({ port, durationMs }) =>
        repliesPerSecond({ port, durationMs, model: 'json', connections: CONNECTIONS }),
      unit: 'requests/s',
      claim: { judged: 'routed', against: 'one', atLeast: 0.95, aim: 1 },
    }),
  ];
}
