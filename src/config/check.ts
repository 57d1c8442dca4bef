import { ConfigError, printFaults } from './config-error.js';
import { describeConfig } from './describe/describe-config.js';
import { loadConfig } from './load-config.js';
import { type Variables } from './environment/environment.js';

/** EX_CONFIG of sysexits.h: something is wrong with the configuration. */
const EX_CONFIG = 78;

/** `npm run config:check -- [file]`: says what the configuration means, or what is wrong with it. */
function check(file: string | undefined): void {
  const named: Variables = file === undefined ? {} : { SLUICE_CONFIG: file };
  try {
    const config = loadConfig({ env: { ...process.env, ...named } });
    process.stdout.write(describeConfig(config));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(printFaults(error));
    process.exitCode = EX_CONFIG;
  }
}

check(process.argv[2]);
