import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const PROXY_CORE = '1';
const LOAD_CORE = '0';

/**
 * Moves this process, and with it the load and the upstream it will start, to one core.
 * @returns {{ launcher: string[], note: string }} what to put before a proxy's command so that it
 *   runs on the other core, and a sentence for the reader
 */
export function separateCores() {
  if (availableParallelism() < 2) {
    return { launcher: [], note: 'One core for everything: the figures are low and noisy.' };
  }
  try {
    execFileSync('taskset', ['-acp', LOAD_CORE, String(process.pid)], { stdio: 'ignore' });
  } catch {
    return {
      launcher: [],
      note: 'taskset (Debian: util-linux) is missing, so nothing is pinned to a core.',
    };
  }
  return {
    launcher: ['taskset', '-c', PROXY_CORE],
    note: `Proxy on core ${PROXY_CORE}; load and upstream on core ${LOAD_CORE}.`,
  };
}
