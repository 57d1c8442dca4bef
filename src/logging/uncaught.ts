import { type Logger } from 'pino';

/**
 * From now on an error that nobody caught is logged, with its harmless fields only, before the
 * process exits with code 1. Node itself would print the whole error, and what hangs on it.
 */
export function exitOnUncaught(logger: Logger): void {
  process.on('uncaughtException', (error) => {
    // At this level pino writes what is buffered before it returns.
    logger.fatal({ err: error }, 'uncaught exception');
    process.exit(1);
  });
}
