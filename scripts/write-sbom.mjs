import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { productionPackages, readLockFile } from './production-packages.mjs';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const FILE = 'sbom.cdx.json';
const NPM_LIMIT_MS = 120_000;

/**
 * @typedef {object} Bom the parts of a CycloneDX 1.5 document that matter here
 * @property {{ component: { 'bom-ref': string, name: string } }} metadata
 * @property {readonly { 'bom-ref': string, name: string, version: string }[]} components
 * @property {readonly { ref: string, dependsOn: readonly string[] }[]} dependencies
 */

/**
 * Asks npm for the bill of materials of everything in the lock file. `--omit dev` is not left to
 * npm: 11.19 then also leaves out what production shares with development, such as rxjs.
 *
 * @returns {Bom}
 */
export function wholeBom() {
  const args = ['--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only'];
  const { status, stdout, stderr, error } = spawnSync('npm', ['sbom', ...args], {
    cwd: PROJECT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    timeout: NPM_LIMIT_MS,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/**
 * The bill of what a production installation may hold.
 *
 * @param {Bom} bom of everything
 * @param {readonly import('./production-packages.mjs').LockedPackage[]} packages
 * @param {string} project its name, where npm puts that of the folder
 * @returns {Bom}
 */
export function productionBom(bom, packages, project) {
  const { component } = bom.metadata;
  const kept = new Set(packages.map(({ name, version }) => `${name}@${version}`));
  const isKept = (ref) => kept.has(ref) || ref === component['bom-ref'];
  return {
    ...bom,
    metadata: { ...bom.metadata, component: { ...component, name: project } },
    components: bom.components.filter((each) => isKept(each['bom-ref'])),
    dependencies: bom.dependencies
      .filter(({ ref }) => isKept(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter(isKept) })),
  };
}

// `npm run sbom`
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lockFile = readLockFile();
  const bom = productionBom(wholeBom(), productionPackages(lockFile), lockFile.name);
  writeFileSync(FILE, `${JSON.stringify(bom, null, 2)}\n`);
  console.log(`${FILE}: ${bom.components.length} components`);
}
