import { ConfigError, printFaults } from './config-error.js';

/** EX_CONFIG of sysexits.h: something is wrong with the configuration. */
const EX_CONFIG = 78;

/**
 * Tells on standard error what to mend, and has the process end with 78 (`EX_CONFIG`).
 *
 * @throws the very error where it is no {@link ConfigError}
 */
export function reportFaults(error: unknown): void {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(printFaults(error));
  process.exitCode = EX_CONFIG;
}
