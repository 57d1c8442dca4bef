import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';

const PROBE = pathToFileURL(join(import.meta.dirname, 'heap-probe.mjs'));
/** For the gateway to write the last records, and to see that its clients have left. */
const QUIET_MS = 2500;

/**
 * What the gateway keeps when it has nothing to do and everything was collected.
 * @typedef {object} Rest
 * @property {number} requests that came before
 * @property {number} keptBytes of the heap of JavaScript without code, and outside of it for its objects
 * @property {number} rssBytes
 */

/**
 * A look into the heap of a gateway.
 * @param {string} folder that takes a socket
 * @returns {{ launcher: string[], rest: (requests: number) => Promise<Rest> }} the launcher is for
 *   `startSluice`
 */
export function createRests(folder) {
  const path = join(folder, 'heap-probe');
  return {
    launcher: ['env', `NODE_OPTIONS=--expose-gc --import=${PROBE.href}`, `SOAK_HEAP_PROBE=${path}`],
    rest: async (requests) => {
      await wait(QUIET_MS);
      return { requests, ...JSON.parse(await text(connect(path))) };
    },
  };
}
