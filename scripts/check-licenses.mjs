import { fileURLToPath } from 'node:url';
import { productionPackages, readLockFile } from './production-packages.mjs';

/**
 * Licences that ask for no more than to be named: what ships with Sluice must not bind those who
 * ship it. Identifiers of the SPDX licence list.
 */
const ALLOWED = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT']);

/**
 * The packages whose licence is missing, unknown or not allowed, each as a sentence.
 *
 * @param {readonly import('./production-packages.mjs').LockedPackage[]} packages
 * @returns {string[]}
 */
export function licenseFaults(packages) {
  return packages
    .filter(({ license }) => !isAllowed(license))
    .map(({ name, version, license }) => `${name}@${version}: ${license ?? 'names no licence'}`);
}

/**
 * An SPDX expression of one level (SPDX 2.3, annex D). A deeper one is not allowed, so that a
 * person looks at it.
 *
 * @param {string | null} license
 */
function isAllowed(license) {
  if (license === null) return false;
  const choices = license.replace(/^\((.*)\)$/, '$1').split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every((id) => ALLOWED.has(id)));
}

// `npm run licenses`
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const packages = productionPackages(readLockFile());
  const faults = licenseFaults(packages);
  if (faults.length === 0) {
    console.log(
      `${packages.length} production packages, each under one of ${[...ALLOWED].join(', ')}`,
    );
  } else {
    console.error(`not under one of ${[...ALLOWED].join(', ')}:\n${faults.join('\n')}`);
    process.exitCode = 1;
  }
}
