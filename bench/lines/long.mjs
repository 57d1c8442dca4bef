import { chatRequest } from '../load/chat-request.mjs';
import { driveLanes } from '../load/lanes.mjs';
import { residentBytes } from '../process-figures.mjs';
import { limitRow } from '../rows.mjs';
import { withSubjects } from '../subjects.mjs';

const REQUESTS = 1_000_000;
const STEP = 100_000;
const CONNECTIONS = 32;
const MB = 1024 * 1024;
/** Flat: what a collector that has not run yet may add, and no more. */
const MAX_GROWTH = 0.1;

export const name = 'long';
export const when = 'long';

/** @param {import('../lines.mjs').Bench} bench */
export async function run(bench) {
  return withSubjects([() => bench.subjects.sluice('sluice')], async ([sluice]) => {
    const residents = [];
    for (let done = 0; done < REQUESTS; done += STEP) {
      let left = STEP;
      await driveLanes({
        port: sluice.port,
        request: chatRequest('json'),
        connections: CONNECTIONS,
        isOver: () => left <= 0,
        onReply: () => {
          left -= 1;
        },
      });
      residents.push(residentBytes(sluice.pid) / MB);
    }
    const [first, ...later] = residents;
    return [
      limitRow({
        what: '1,000,000 requests, RSS growth after the first 100,000',
        amount: (100 * (Math.max(...later) - first)) / first,
        unit: '%',
        below: 100 * MAX_GROWTH,
        detail: `RSS in MB after each 100,000: ${residents.map((mb) => mb.toFixed(0)).join(' ')}`,
      }),
    ];
  });
}
