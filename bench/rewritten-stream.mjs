import { repliesPerSecond } from './load/throughput.mjs';
import { ratioLine } from './ratio-line.mjs';
import { checkBytes, checkFields } from './reply-checks.mjs';
import { streamBody } from './upstream-replies.mjs';

const CONNECTIONS = 16;

/**
 * What rewriting costs: a stream through Sluice with a reasoning policy, against the same stream
 * through Sluice with output `keep`.
 * @param {import('./lines.mjs').Bench} bench
 * @param {object} rewriting
 * @param {string} rewriting.what
 * @param {'plain' | 'think' | 'harmony'} rewriting.model
 * @param {object} [rewriting.reasoning] the policy; none is the default configuration
 * @param {Record<string, string>} rewriting.fields what the client must receive
 */
export function rewrittenStream(bench, { what, model, reasoning, fields }) {
  const { sluice } = bench.subjects;
  return ratioLine({
    bench,
    what: `${what}, ${CONNECTIONS} connections`,
    starters: [() => sluice('keep', { output: 'keep' }), () => sluice('rewritten', reasoning)],
    check: (subject) =>
      subject.name === 'keep'
        ? checkBytes(subject, { model, body: streamBody(model) })
        : checkFields(subject, { model, fields }),
    load: ({ port, durationMs }) =>
      repliesPerSecond({ port, durationMs, model, connections: CONNECTIONS }),
    unit: 'streams/s',
    claim: { judged: 'rewritten', against: 'keep', atLeast: 0.5, aim: 0.8 },
  });
}
