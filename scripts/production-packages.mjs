import { readFileSync } from 'node:fs';

const LOCK_FILE = new URL('../package-lock.json', import.meta.url);

/**
 * @typedef {object} LockedPackage
 * @property {string} name
 * @property {string} version
 * @property {string | null} license an SPDX expression; null where the package says nothing
 */

/** @typedef {{ packages: Record<string, { name?: string, version?: string, license?: string, dev?: boolean }> }} LockFile */

/** The lock file of the project, so that nothing has to be installed. @returns {LockFile} */
export function readLockFile() {
  return JSON.parse(readFileSync(LOCK_FILE, 'utf8'));
}

/**
 * Every package that a production installation may hold on some platform, those the dependencies
 * bring along included.
 *
 * @param {LockFile} lockFile
 * @returns {LockedPackage[]}
 */
export function productionPackages({ packages }) {
  return Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true)
    .map(([path, { name, version = '', license }]) => ({
      // An alias is installed in a folder of another name.
      name: name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      license: license ?? null,
    }));
}
