import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from './free-port.mjs';

const MAIN = join(import.meta.dirname, '..', 'dist', 'main.js');
const START_MS = 15_000;
const STOP_MS = 10_000;
const KEPT_LOG_BYTES = 64 * 1024;

/**
 * @typedef {object} RunningSluice
 * @property {string} url origin, without a path
 * @property {number} port
 * @property {number} pid
 * @property {string} configFile which it watches for changes
 * @property {number} startMs from the start of the process to its first 200
 * @property {(stream: NodeJS.WritableStream) => void} showLog from now on, log lines go there
 * @property {() => Promise<void>} stop drains without delay, ends the process, removes its files
 */

/**
 * Starts Sluice as a child process with a configuration of its own, untouched by the
 * environment and the `.env` of whoever calls, and waits until it answers `GET /v1/models`.
 * @param {object} config what `config.json` would hold
 * @param {{ port?: number, launcher?: readonly string[] }} [options] port 0 (the default) takes
 *   a free one; the launcher is put before the command, as in `['taskset', '-c', '1']`
 * @returns {Promise<RunningSluice>}
 * @throws an error with the log when it does not answer within 15 seconds
 */
export async function startSluice(config, { port = 0, launcher = [] } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-'));
  const configFile = join(folder, 'config.json');
  await writeFile(configFile, JSON.stringify(config, null, 2));
  const listenPort = port === 0 ? await freePort() : port;
  const [command, ...parameters] = [...launcher, process.execPath, '--enable-source-maps', MAIN];
  const startedAt = performance.now();
  const child = spawn(command, parameters, {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      SLUICE_CONFIG: configFile,
      LISTEN_ADDR: `127.0.0.1:${listenPort}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = keepLog(child);
  const stop = async () => {
    await endProcess(child);
    await rm(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${listenPort}`;
  try {
    await answersSoon(`${url}/v1/models`, child);
  } catch (error) {
    await stop();
    throw new Error(`Sluice did not start: ${error.message}\n${log.text()}`, { cause: error });
  }
  const startMs = performance.now() - startedAt;
  return { url, port: listenPort, pid: child.pid, configFile, startMs, showLog: log.show, stop };
}

/**
 * Waits until a child process answers an address with a 2xx, at most 15 seconds.
 * @param {string} url
 * @param {import('node:child_process').ChildProcess} child
 * @throws an error that says what came last, or with which code the child ended
 */
export async function answersSoon(url, child) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), START_MS);
  let last = 'no answer';
  try {
    while (isRunning(child) && !patience.signal.aborted) {
      try {
        const response = await fetch(url, { signal: patience.signal });
        await response.body?.cancel();
        if (response.ok) return;
        last = `${url} answers ${response.status}`;
      } catch (error) {
        last = error.cause?.message ?? error.message;
      }
      await wait(5);
    }
  } finally {
    clearTimeout(timer);
  }
  throw new Error(isRunning(child) ? last : `it ended with exit code ${child.exitCode}`);
}

function isRunning({ exitCode, signalCode }) {
  return exitCode === null && signalCode === null;
}

// The child's output is kept within a bound, so that a failed start can be explained.
function keepLog(child) {
  let kept = '';
  let shownOn = null;
  const take = (chunk) => {
    kept = (kept + chunk).slice(-KEPT_LOG_BYTES);
    shownOn?.write(chunk);
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  return { text: () => kept, show: (stream) => (shownOn = stream) };
}

/**
 * Ends a child process: an interrupt first, by force after ten seconds.
 * @param {import('node:child_process').ChildProcess} child
 */
export async function endProcess(child) {
  if (!isRunning(child)) return;
  const exited = once(child, 'exit');
  child.kill('SIGINT');
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await exited;
  clearTimeout(force);
}
