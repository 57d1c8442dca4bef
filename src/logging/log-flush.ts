import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { setTimeout } from 'node:timers/promises';
import { type Logger } from 'pino';
import { type LogDestination } from './log-destination.js';
import { LOG_DESTINATION, LOGGER } from './logger.js';

/** Longest wait for a reader of the log that has stopped reading. */
const FLUSH_LIMIT_MS = 1000;

/** Sees to it that no line is lost when Sluice stops, and says how many were before. */
@Injectable()
export class LogFlush implements OnApplicationShutdown {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(LOG_DESTINATION) private readonly destination: LogDestination,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    const { droppedLines } = this.destination;
    if (droppedLines > 0) {
      this.logger.warn({ dropped_lines: droppedLines }, 'log lines were dropped: nobody read them');
    }
    const overdue = new AbortController();
    const limit = setTimeout(FLUSH_LIMIT_MS, undefined, { signal: overdue.signal });
    // Cancelled when the lines are out, which is then no error.
    limit.catch(() => undefined);
    await Promise.race([this.destination.flush(), limit]);
    overdue.abort();
  }
}
