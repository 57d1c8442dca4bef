import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locate, PROGRAMS_FOLDER, TOOLS, TOOLS_FOLDER } from './locate-tools.mjs';

/** Building helm takes a few minutes on a small machine. */
const STEP_LIMIT_MS = 15 * 60_000;

const HELM = 'helm.sh/helm/v3/cmd/helm@v3.22.0';
const KUBERNETES_VALIDATE = 'kubernetes-validate==1.37.0';

/** @type {Record<import('./locate-tools.mjs').ToolName, () => void>} */
const GET = {
  helm: () => {
    run('go', ['install', HELM], { env: { ...process.env, GOBIN: PROGRAMS_FOLDER } });
  },
  'kubernetes-validate': () => {
    const venv = join(TOOLS_FOLDER, 'venv');
    run('python3', ['-m', 'venv', '--clear', venv]);
    run(join(venv, 'bin', 'pip'), ['install', '--quiet', KUBERNETES_VALIDATE]);
    const link = join(PROGRAMS_FOLDER, 'kubernetes-validate');
    rmSync(link, { force: true });
    symlinkSync(join(venv, 'bin', 'kubernetes-validate'), link);
  },
  // Out of Debian's package, without installing it, as that would start a Prometheus.
  promtool: () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-promtool-'));
    try {
      run('apt-get', ['download', 'prometheus'], { cwd: folder });
      run('sh', ['-c', 'dpkg -x prometheus_*.deb .'], { cwd: folder });
      copyFileSync(join(folder, 'usr/bin/promtool'), join(PROGRAMS_FOLDER, 'promtool'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

/**
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} [options]
 */
function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: STEP_LIMIT_MS,
    ...options,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ended with exit code ${status}`);
}

// `npm run deploy:tools`: gets what is missing, as far as this machine has what that takes.
mkdirSync(PROGRAMS_FOLDER, { recursive: true });
for (const [name, get] of Object.entries(GET)) {
  if (locate(name) !== null) continue;
  console.log(`getting ${name} …`);
  try {
    get();
  } catch (error) {
    process.exitCode = 1;
    console.error(`${name}: ${error.message}. Try "${TOOLS[name].hint}".`);
  }
}
