import { describeConfig } from './describe/describe-config.js';
import { type Variables } from './environment/environment.js';
import { loadConfig } from './load-config.js';
import { reportFaults } from './report-faults.js';

/** `npm run config:check -- [file]`: says what the configuration means, or what is wrong with it. */
function check(file: string | undefined): void {
  const named: Variables = file === undefined ? {} : { SLUICE_CONFIG: file };
  try {
    const config = loadConfig({ env: { ...process.env, ...named } });
    process.stdout.write(describeConfig(config));
  } catch (error) {
    reportFaults(error);
  }
}

check(process.argv[2]);
