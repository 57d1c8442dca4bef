import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MODELS } from '../../../demo/dialects.mjs';
import { startModelServer } from '../../../demo/model-server.mjs';
import { startSluice } from '../../../demo/sluice.mjs';
import { SCRIPTED_MODELS, startScriptedServer } from './scripted-server.mjs';

const HERE = import.meta.dirname;
const ENVIRONMENTS = join(HERE, '../../../.cache/python');

/** Each with an environment of its own by name: they want different versions of one another. */
const CLIENTS = [
  { check: 'check_openai.py', environment: 'openai' },
  { check: 'check_httpx.py', environment: 'openai' },
  { check: 'check_litellm.py', environment: 'litellm' },
];

const INSTALL_LIMIT_MS = 15 * 60_000;
const CHECK_LIMIT_MS = 5 * 60_000;

/** Exit code for what could not be tried at all (EX_UNAVAILABLE of sysexits.h). */
const EX_UNAVAILABLE = 69;

/**
 * The Python of an environment, which is made, or made anew when its requirements have changed.
 *
 * @param {string} name
 * @throws an error that says which step failed
 */
function pythonOf(name) {
  const folder = join(ENVIRONMENTS, name);
  const python = join(folder, 'bin', 'python');
  const file = join(HERE, 'requirements', `${name}.txt`);
  const requirements = readFileSync(file, 'utf8');
  const installed = join(folder, 'installed.txt');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === requirements) return python;
  console.log(`installing ${requirements.trim().replaceAll('\n', ', ')} …`);
  step('python3', ['-m', 'venv', '--clear', folder]);
  step(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', file]);
  writeFileSync(installed, requirements);
  return python;
}

function step(command, parameters) {
  const { status, error } = spawnSync(command, parameters, {
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: INSTALL_LIMIT_MS,
  });
  if (error?.code === 'ENOENT') {
    throw new Error(`${command} was not found: install Python 3.10 or later, with its venv module`);
  }
  if (error) throw error;
  if (status !== 0) {
    throw new Error(`"${command} ${parameters.join(' ')}" ended with exit code ${status}`);
  }
}

/** @returns {Promise<boolean>} whether every check passed */
async function passes({ check, python }, origins) {
  const child = spawn(python, [join(HERE, check), ...origins], {
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: CHECK_LIMIT_MS,
    env: { PATH: process.env.PATH, PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1' },
  });
  const [code] = await once(child, 'exit');
  return code === 0;
}

/** Sluice before the demo's server and the scripted one, as they are by default but for globs. */
function configOf(demoUrl, scriptedUrl) {
  return {
    primary_backends: [
      { name: 'demo', url: demoUrl, models: [...MODELS.keys(), 'embedder', 'status-*'] },
      { name: 'scripted', url: `${scriptedUrl}/v1`, models: SCRIPTED_MODELS },
    ],
    settings: { analytics: { enabled: false } },
  };
}

function installed() {
  try {
    return CLIENTS.map((client) => ({ ...client, python: pythonOf(client.environment) }));
  } catch (error) {
    console.error(`The Python clients were not tried: ${error.message}.`);
    process.exitCode = EX_UNAVAILABLE;
    return [];
  }
}

// `npm run test:clients`
const clients = installed();
if (clients.length > 0) {
  const demo = await startModelServer();
  const scripted = await startScriptedServer();
  try {
    const sluice = await startSluice(configOf(demo.url, scripted.url));
    try {
      for (const client of clients) {
        if (!(await passes(client, [sluice.url, scripted.url]))) process.exitCode = 1;
      }
    } finally {
      await sluice.stop();
    }
  } finally {
    await scripted.close();
    await demo.close();
  }
}
