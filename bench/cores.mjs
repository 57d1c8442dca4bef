import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';

const PROXY_CORE = '1';
const LOAD_CORE = '0';

/**
 * Does something while this process, with all its threads, has every core.
 * @template Result
 * @param {() => Promise<Result>} work
 */
export async function onAllCores(work) {
  const before = ownCores();
  if (before === null) return work();
  moveTo(`0-${cpus().length - 1}`);
  try {
    return await work();
  } finally {
    moveTo(before);
  }
}

/** @returns {string | null} as `taskset` writes them; null where it is missing */
function ownCores() {
  try {
    const said = execFileSync('taskset', ['-cp', String(process.pid)], { encoding: 'utf8' });
    return said.trim().split(': ').at(-1);
  } catch {
    return null;
  }
}

function moveTo(cores) {
  execFileSync('taskset', ['-acp', cores, String(process.pid)], { stdio: 'ignore' });
}

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
    moveTo(LOAD_CORE);
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
