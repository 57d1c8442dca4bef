import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { endProcess } from '../demo/sluice.mjs';

/**
 * @typedef {object} Upstream
 * @property {number} port
 * @property {() => Promise<{ takenBytes: number, isPaused: boolean }>} floodProgress of the last
 *   flood that was asked for
 * @property {() => Promise<void>} stop
 */

/** Starts the bench's model server as a child process. @returns {Promise<Upstream>} */
export async function startUpstream() {
  const child = fork(join(import.meta.dirname, 'upstream.mjs'));
  const [{ port }] = await once(child, 'message');
  return {
    port,
    floodProgress: async () => {
      const answer = once(child, 'message');
      child.send('flood?');
      const [{ flood }] = await answer;
      return flood;
    },
    stop: () => endProcess(child),
  };
}
