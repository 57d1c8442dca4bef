import { chatRequestBody } from '../load/chat-request.mjs';
import { claimRow, limitRow } from '../rows.mjs';
import { median, percentile } from '../statistics.mjs';
import { slowBodyBytes } from '../streams/slow.mjs';
import { withSubjects } from '../subjects.mjs';

const RUNNING = 50;
const EVENTS = 50;
const INTERVAL_MS = 100;
const REFUSED_PER_ROUND = 200;

export const name = 'overload';
export const when = 'always';

/**
 * Sluice with all the exchanges that it may have: how soon it refuses the next, and whether those
 * that run come to their end.
 * @param {import('../lines.mjs').Bench} bench
 */
export async function run({ subjects: { sluiceWith }, rounds }) {
  const full = () =>
    sluiceWith('full', (url) => ({
      primary_backends: [{ name: 'bench', url }],
      settings: { reasoning: { output: 'keep' }, limits: { in_flight: RUNNING } },
    }));
  return withSubjects([full], async ([{ port }]) => {
    const address = `http://127.0.0.1:${port}/v1/chat/completions`;
    const running = await Promise.all(Array.from({ length: RUNNING }, () => begun(address)));
    const p99s = [];
    for (let round = 0; round < rounds; round += 1) p99s.push(await refusedP99(address));
    const bodies = await Promise.all(running.map((response) => response.arrayBuffer()));
    const whole = bodies.filter((body) => body.byteLength === slowBodyBytes(EVENTS)).length;
    return [
      limitRow({
        what: `503 while ${RUNNING} streams fill Sluice, p99`,
        amount: median(p99s),
        unit: 'ms',
        below: 5,
        detail: `${rounds} rounds of ${REFUSED_PER_ROUND} requests by fetch`,
      }),
      claimRow({
        what: 'the streams that were running came whole',
        holds: whole === RUNNING,
        detail: `${whole} of ${RUNNING}`,
      }),
    ];
  });
}

function begun(address) {
  return post(address, `slow:${EVENTS}:${INTERVAL_MS}`);
}

async function refusedP99(address) {
  const latencies = [];
  for (let request = 0; request < REFUSED_PER_ROUND; request += 1) {
    const sentAt = performance.now();
    const response = await post(address, 'json');
    await response.arrayBuffer();
    latencies.push(performance.now() - sentAt);
    if (response.status !== 503 || !response.headers.has('retry-after')) {
      throw new Error(`Sluice answered ${response.status} where it should have refused.`);
    }
  }
  return percentile(latencies, 0.99);
}

function post(address, model) {
  const headers = { 'content-type': 'application/json' };
  return fetch(address, { method: 'POST', headers, body: chatRequestBody(model) });
}
