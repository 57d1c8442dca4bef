/**
 * What is wrong, from the most fundamental: the file cannot be read, cannot be parsed, says
 * something wrong, names no backend.
 */
export type ConfigErrorKind = 'unreadable' | 'malformed' | 'invalid' | 'no-backend';

/** One thing to mend. */
export interface ConfigFault {
  /** Where: a path in the file (`primary_backends[0].timeout.idle`), a file, or a variable. */
  readonly path: string;
  /** What is wrong and what is expected; never the value, which may be a secret. */
  readonly message: string;
}

/** The configuration cannot be used. Carries every fault that was found, never only the first. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(
    readonly kind: ConfigErrorKind,
    readonly faults: readonly ConfigFault[],
  ) {
    super(faults.map(formatFault).join('\n'));
  }
}

/** The faults as lines for a terminal or a log, ending in a newline; holds no secret. */
export function printFaults(error: ConfigError): string {
  const count = error.faults.length;
  const title = `The configuration has ${count} ${count === 1 ? 'fault' : 'faults'}:`;
  return [title, ...error.faults.map((fault) => `  ${formatFault(fault)}`), ''].join('\n');
}

function formatFault({ path, message }: ConfigFault): string {
  return `${path}: ${message}`;
}
