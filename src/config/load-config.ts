import { ConfigError, type ConfigFault } from './config-error.js';
import { configFolder, type FilePresence, readConfigFile } from './config-file.js';
import { deepFreeze } from './deep-freeze.js';
import { readEnvironment, type Variables } from './environment/environment.js';
import { readOverrides } from './environment/overrides.js';
import { resolveConfig } from './resolve/resolve-config.js';
import { type ReadFile, readUtf8 } from './source/read-file.js';
import { type SluiceConfig } from './typed/sluice-config.js';

/** Where the configuration comes from. */
export interface ConfigSources {
  /** The variables of the process by default; they win over `.env`. */
  readonly env?: Variables;
  /**
   * The folder of `.env`, and of `config.json` unless `SLUICE_CONFIG` names another file; the
   * working directory by default.
   */
  readonly cwd?: string;
  /** Reads UTF-8 files; the file system's by default. */
  readonly readFile?: ReadFile;
  /**
   * Whether a `config.json` that no variable names must be there. One that was there must not be
   * missing later: the defaults would be a change that nobody wrote. Default `optional`.
   */
  readonly file?: FilePresence;
}

/**
 * Reads `config.json`, the files it names, `.env` and the environment into one frozen
 * configuration with at least one backend.
 *
 * @throws {ConfigError} with every fault that was found; no message holds a secret.
 */
export function loadConfig({
  env = process.env,
  cwd = process.cwd(),
  readFile = readUtf8,
  file = 'optional',
}: ConfigSources = {}): SluiceConfig {
  const { environment, faults: dotenvFaults } = readEnvironment(env, cwd, readFile);
  const { overrides, faults: variableFaults } = readOverrides(environment);
  const listed = overrides.upstreamUrl === null ? 'kept' : 'replaced';
  const written = readConfigFile({ environment, cwd, readFile, file }, listed);
  const faults = [...dotenvFaults, ...variableFaults, ...written.faults];
  if (faults.length > 0) throw new ConfigError(written.kind, faults);

  const config = resolveConfig({
    section: written.section,
    overrides,
    pems: written.pems,
    folder: configFolder(environment, cwd),
  });
  if (config.backends.length === 0) throw new ConfigError('no-backend', [NO_BACKEND]);
  return deepFreeze(config);
}

const NO_BACKEND: ConfigFault = {
  path: 'primary_backends',
  message:
    'no backend has a url; list one in config.json, or set the environment variable UPSTREAM ' +
    'to the base URL of a model server, such as http://127.0.0.1:1234/v1',
};
