import { limitRow } from '../bench/rows.mjs';
import { bytesPerRequest } from './growth.mjs';

const MB = 1024 * 1024;
/** Less than anything that is forgotten with its request in hand. */
const MAX_BYTES_PER_REQUEST = 100;
/** What the engine learns about code comes on top, for as long as it learns: a megabyte or less. */
const LEARNT_BYTES = 1.5 * MB;
/** What the allocator does not give back, and the threads that happen to be there. */
const MAX_RSS_GROWTH_MB = 60;
/** DuckDB's own memory is bounded to 256 MB; the rest is Node's. */
const MAX_CHILDREN_MB = 400;
/** Rests after which all code has run, and the connections have been as many as they will be. */
const WARM_UP_RESTS = 2;

/**
 * Judges what is left when all was collected. Resident memory under load says little: it follows
 * the garbage that waits for the collector, and the most that there ever was of it.
 * @param {object} seen
 * @param {readonly import('./rests.mjs').Rest[]} seen.rests
 * @param {readonly import('./samples.mjs').Sample[]} seen.samples
 * @returns {import('../bench/rows.mjs').Row[]}
 */
export function memoryRows({ rests, samples }) {
  const warm = rests.slice(WARM_UP_RESTS);
  const [first, last] = [warm[0], warm.at(-1)];
  const further = last.requests - first.requests;
  const growth = bytesPerRequest(warm.map(({ requests, keptBytes }) => [requests, keptBytes]));
  const rssGrowth = last.rssBytes - first.rssBytes;
  return [
    limitRow({
      what: 'memory kept for each further request',
      amount: growth,
      unit: 'B',
      below: Math.ceil(Math.max(MAX_BYTES_PER_REQUEST, LEARNT_BYTES / further)),
      detail: `from ${shown(first.keptBytes)} MB to ${shown(last.keptBytes)} MB in ${further} requests, all collected`,
    }),
    limitRow({
      what: 'RSS growth after warm-up, all collected',
      amount: rssGrowth / MB,
      unit: 'MB',
      below: MAX_RSS_GROWTH_MB,
      detail: `from ${shown(first.rssBytes)} MB to ${shown(last.rssBytes)} MB; under load it was ${shown(Math.max(...samples.map(({ rssBytes }) => rssBytes)))} MB at most`,
    }),
    limitRow({
      what: 'RSS of its processes for the database and for counting',
      amount: Math.max(...samples.map(({ childrenBytes }) => childrenBytes)) / MB,
      unit: 'MB',
      below: MAX_CHILDREN_MB,
      detail: 'highest of the samples',
    }),
  ];
}

function shown(bytes) {
  return (bytes / MB).toFixed(1);
}
