import { resolve } from 'node:path';
import { ConfigError, type ConfigFault } from '../../../src/config/config-error.js';
import { type Variables } from '../../../src/config/environment/environment.js';
import { loadConfig } from '../../../src/config/load-config.js';
import { type SluiceConfig } from '../../../src/config/typed/sluice-config.js';

const FOLDER = '/srv';

/** What this file amounts to: `/srv/config.json`, or the one that `SLUICE_CONFIG` names. */
export function loadedConfig(file: object, env: Variables = {}): SluiceConfig {
  const place = resolve(FOLDER, env.SLUICE_CONFIG ?? 'config.json');
  return loadConfig({
    env,
    cwd: FOLDER,
    readFile: (path) => {
      if (path === place) return JSON.stringify(file);
      throw Object.assign(new Error(path), { code: 'ENOENT' });
    },
  });
}

/** What is wrong with it; nothing where it can be loaded. */
export function configFaults(file: object, env: Variables = {}): readonly ConfigFault[] {
  try {
    loadedConfig(file, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}
