import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { endProcess, startSluice } from '../demo/sluice.mjs';
import { startNginx } from './nginx.mjs';

/**
 * A server under load.
 * @typedef {object} Subject
 * @property {string} name
 * @property {number} port
 * @property {number} pid
 * @property {() => Promise<void>} stop
 */

/**
 * What runs or is being started, so that an interrupted bench leaves nothing behind.
 * @type {Set<Promise<Subject | null>>}
 */
const running = new Set();
let isInterrupted = false;

/** Stops every subject, also one that is only being started; no further one will start. */
export async function stopRunning() {
  isInterrupted = true;
  await Promise.allSettled(Array.from(running, stopOne));
}

async function stopOne(started) {
  running.delete(started);
  const subject = await started;
  await subject?.stop();
}

/**
 * Starts the subjects, lends them out, and stops them whatever happens.
 * @template T
 * @param {readonly (() => Promise<Subject | null>)[]} starters one may yield null: not installed
 * @param {(subjects: Subject[]) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withSubjects(starters, use) {
  const lent = [];
  try {
    for (const start of starters) {
      if (isInterrupted) throw new Error('The bench was interrupted.');
      const started = start();
      running.add(started);
      lent.push(started);
      await started;
    }
    const subjects = await Promise.all(lent);
    return await use(subjects.filter((subject) => subject !== null));
  } finally {
    await Promise.allSettled(lent.map(stopOne));
  }
}

/**
 * How to start each proxy before one upstream, on the core that is theirs.
 * @param {{ upstreamPort: number, launcher: readonly string[] }} place
 */
export function subjectsBefore({ upstreamPort, launcher }) {
  const origin = `http://127.0.0.1:${upstreamPort}`;

  /**
   * @param {string} name
   * @param {(url: string) => { settings: object }} configOf what `config.json` would hold, given
   *   the URL of the upstream
   * @returns {Promise<Subject & { startMs: number }>}
   */
  async function sluiceWith(name, configOf) {
    const config = configOf(`${origin}/v1`);
    const settings = { log: { level: 'warn' }, ...config.settings };
    return { name, ...(await startSluice({ ...config, settings }, { launcher })) };
  }

  return {
    /** @returns {Promise<Subject | null>} null when nginx is not installed */
    nginx: () => startNginx({ upstreamPort, launcher }),
    /** @returns {Promise<Subject>} */
    bare: () => startBareProxy({ origin, launcher }),
    /**
     * @param {string} name
     * @param {object} [reasoning] the `settings.reasoning` of the configuration
     * @returns {Promise<Subject & { startMs: number }>}
     */
    sluice: (name, reasoning) =>
      sluiceWith(name, (url) => ({
        primary_backends: [{ name: 'bench', url }],
        settings: { ...(reasoning && { reasoning }) },
      })),
    sluiceWith,
    /** The upstream itself, to know what the load alone costs. */
    direct: async () => ({
      name: 'direct',
      port: upstreamPort,
      pid: process.pid,
      stop: async () => undefined,
    }),
  };
}

async function startBareProxy({ origin, launcher }) {
  const [command, ...parameters] = [...launcher, process.execPath];
  const child = fork(join(import.meta.dirname, 'bare-proxy.mjs'), [origin], {
    execPath: command,
    execArgv: parameters,
  });
  const [{ port }] = await once(child, 'message');
  return { name: 'bare', port, pid: child.pid, stop: () => endProcess(child) };
}
