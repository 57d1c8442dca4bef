import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** @typedef {'helm' | 'kubernetes-validate' | 'promtool'} ToolName */

/**
 * What checks the files of `deploy/`, and how to get what npm cannot install.
 *
 * @type {Readonly<Record<ToolName, { readonly hint: string }>>}
 */
export const TOOLS = {
  helm: { hint: 'go install helm.sh/helm/v3/cmd/helm@latest' },
  'kubernetes-validate': { hint: 'pip install kubernetes-validate' },
  promtool: { hint: 'apt-get install prometheus' },
};

/** Where `npm run deploy:tools` puts them: outside the project, so that `npm ci` leaves them. */
export const TOOLS_FOLDER = join(
  process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
  'sluice-deploy-tools',
);

/** Where `npm run deploy:tools` puts programs. */
export const PROGRAMS_FOLDER = join(TOOLS_FOLDER, 'bin');

/**
 * The path of a program, on the PATH or where `npm run deploy:tools` puts it.
 *
 * @param {string} name
 * @returns {string | null} null when it is in neither
 */
export function locate(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), PROGRAMS_FOLDER];
  const paths = folders.filter((folder) => folder !== '').map((folder) => join(folder, name));
  return paths.find(isProgram) ?? null;
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
