import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { type ConfigFault } from '../config-error.js';
import { type ReadFile, tryRead, whyUnread } from '../source/read-file.js';

/** Variables that are set; one that is empty counts as unset. */
export type Environment = ReadonlyMap<string, string>;

/** What `process.env` looks like. */
export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The variables of the process over those of `.env` in the folder `cwd`. References inside `.env`
 * are not expanded. A missing `.env` is fine; one that cannot be read is a fault.
 */
export function readEnvironment(
  env: Variables,
  cwd: string,
  readFile: ReadFile,
): { readonly environment: Environment; readonly faults: readonly ConfigFault[] } {
  const read = tryRead(readFile, join(cwd, '.env'));
  const written = read.kind === 'read' ? parseEnv(read.text) : {};
  const environment = new Map([...filled(written), ...filled(env)]);
  const faults =
    read.kind === 'failed' ? [{ path: '.env', message: `cannot be read: ${whyUnread(read)}` }] : [];
  return { environment, faults };
}

function filled(variables: Variables): [string, string][] {
  return Object.entries(variables).flatMap(([name, text]): [string, string][] =>
    text === undefined || text === '' ? [] : [[name, text]],
  );
}
