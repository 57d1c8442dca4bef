import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { residentBytes } from '../bench/process-figures.mjs';

/**
 * What one look at the gateway found.
 * @typedef {object} Sample
 * @property {number} atMs since the sampling began
 * @property {number} rssBytes of the gateway
 * @property {number} childrenBytes resident memory of its child processes
 * @property {number} handles open file descriptors
 * @property {number} sockets those of them that are sockets
 * @property {number} loopDelayMs mean of a second
 */

/** @param {{ pid: number, url: string }} gateway @returns {Promise<Omit<Sample, 'atMs'>>} */
export async function look({ pid, url }) {
  const metrics = await metricsOf(url);
  const targets = openFiles(pid);
  return {
    rssBytes: residentBytes(pid),
    childrenBytes: sum(childrenOf(pid).map(residentBytes)),
    handles: targets.length,
    sockets: targets.filter((target) => target.startsWith('socket:')).length,
    loopDelayMs: 1000 * metrics('sluice_event_loop_delay_seconds'),
  };
}

/**
 * Looks once a second until it is stopped.
 * @param {{ pid: number, url: string }} gateway
 * @returns {{ samples: Sample[], stop: () => Promise<void> }}
 */
export function sampleEachSecond(gateway) {
  const samples = [];
  const startedAt = performance.now();
  let looking = Promise.resolve();
  const timer = setInterval(() => {
    looking = looking.then(async () => {
      samples.push({ ...(await look(gateway)), atMs: performance.now() - startedAt });
    });
  }, 1000);
  return {
    samples,
    stop: () => {
      clearInterval(timer);
      return looking;
    },
  };
}

/**
 * @param {string} url of the gateway
 * @returns {Promise<(name: string) => number>} the sum of a metric's series; a name may end with
 *   labels as `/metrics` writes them
 */
export async function metricsOf(url) {
  const lines = (await (await fetch(`${url}/metrics`)).text()).split('\n');
  return (name) =>
    sum(
      lines
        .filter((line) => line.startsWith(name) && /^[{ ]/.test(line.slice(name.length)))
        .map((line) => Number(line.slice(line.lastIndexOf(' ')))),
    );
}

function openFiles(pid) {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
    } catch {
      // It was closed since it was listed.
      return [];
    }
  });
}

function childrenOf(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter(Boolean)
    .map(Number);
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
