import { freePort } from '../demo/free-port.mjs';
import { startModelServer } from '../demo/model-server.mjs';
import { FAULTS, longStream } from './scripts.mjs';

const TOKEN_DELAY_MS = 2;

/**
 * The four backends: two that are steady, one that does to a request what its script says, and one
 * that can be taken down and brought back on the same port.
 * @typedef {object} Backends
 * @property {Record<'steady-1' | 'steady-2' | 'faulty' | 'restarting', string>} urls
 * @property {ReadonlyMap<string, number>} faults how often each fault was done
 * @property {() => Promise<void>} takeDown cuts every connection to the one that restarts
 * @property {() => Promise<void>} bringBack
 * @property {() => Promise<void>} close
 */

/** @returns {Promise<Backends>} */
export async function startBackends() {
  const faults = new Map(Object.keys(FAULTS).map((name) => [name, 0]));
  const port = await freePort();
  const startRestarting = () => start(longStream, port);
  const steady = [await start(longStream), await start(longStream)];
  const faulty = await start((request, response) => {
    const script = request.headers['x-soak-script'];
    const fault = FAULTS[script];
    if (fault === undefined) return longStream(request, response);
    faults.set(script, faults.get(script) + 1);
    fault(request, response);
    return true;
  });
  let restarting = await startRestarting();
  return {
    urls: {
      'steady-1': steady[0].url,
      'steady-2': steady[1].url,
      faulty: faulty.url,
      restarting: restarting.url,
    },
    faults,
    takeDown: async () => {
      await restarting?.close();
      restarting = null;
    },
    bringBack: async () => {
      restarting ??= await startRestarting();
    },
    close: async () => {
      const running = [...steady, faulty, restarting].filter((server) => server !== null);
      await Promise.all(running.map((server) => server.close()));
    },
  };
}

function start(interrupt, port = 0) {
  return startModelServer({ port, tokenDelayMs: TOKEN_DELAY_MS, interrupt });
}
