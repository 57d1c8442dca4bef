import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const MB = 1024 * 1024;
/** Small enough that a long run rotates it, and so many that none is deleted. */
const ROTATION = { rotate_bytes: 16 * MB, keep: 1000 };

/**
 * The configuration of the gateway under load.
 * @param {object} place
 * @param {import('./backends.mjs').Backends['urls']} place.urls
 * @param {string} place.folder where analytics are kept
 */
export function soakConfig({ urls, folder }) {
  const health = { path: '/models', interval: 1 };
  const patience = { connect: 1, headers: 1, idle: 1 };
  return {
    primary_backends: [
      { name: 'steady-1', url: urls['steady-1'], health },
      { name: 'steady-2', url: urls['steady-2'], health },
      { name: 'faulty', url: urls.faulty, health, timeout: patience },
      { name: 'restarting', url: urls.restarting, health },
    ],
    models: { fragile: { model: 'think', backends: ['faulty'] } },
    settings: {
      log: { level: 'error' },
      analytics: {
        spool: { path: join(folder, 'spool') },
        sinks: [
          { use: 'duckdb', path: join(folder, 'analytics.duckdb') },
          { use: 'file', path: recordsFile(folder), ...ROTATION },
        ],
      },
    },
  };
}

/** The JSON-lines file of the records; older ones stand beside it as `.1` and so on. */
export function recordsFile(folder) {
  return join(folder, 'exchanges.jsonl');
}

/**
 * Changes a configuration file under a running gateway, to something else with each call: a
 * weight, a backend less, text that is no configuration, and back to the beginning.
 * @param {string} configFile
 * @param {object} config what it begins with
 * @returns {{ next: () => Promise<void>, restore: () => Promise<void>,
 *   counts: { right: number, wrong: number } }}
 */
export function createReloads(configFile, config) {
  const [first, second, ...others] = config.primary_backends;
  const contents = [
    { ...config, primary_backends: [first, { ...second, weight: 2 }, ...others] },
    { ...config, primary_backends: [first, ...others] },
    { ...config, primary_backend: [] },
    config,
  ];
  const counts = { right: 0, wrong: 0 };
  let turn = 0;
  let inForce = config;
  const put = async (content) => {
    // The same again is no change, and nobody would notice it.
    if (content === inForce) return;
    inForce = content;
    // Exchanged as a ConfigMap is: no reader sees half a file.
    const next = `${configFile}.next`;
    await writeFile(next, JSON.stringify(content));
    await rename(next, configFile);
    counts['primary_backend' in content ? 'wrong' : 'right'] += 1;
  };
  return {
    next: () => put(contents[turn++ % contents.length]),
    restore: () => put(config),
    counts,
  };
}
