import { Inject, Injectable } from '@nestjs/common';
import { type Logger } from 'pino';
import { exchangeDetails, exchangeFields, type LoggedExchange } from './exchange-fields.js';
import { type LogDestination } from './log-destination.js';
import { LOG_DESTINATION, LOGGER, writeLine } from './logger.js';

/**
 * Writes one line for each exchange when it ends: a warning when the backend failed, since that
 * is for the operator to look at, else for information.
 */
@Injectable()
export class ExchangeLog {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(LOG_DESTINATION) private readonly destination: LogDestination,
  ) {}

  finished(exchange: LoggedExchange): void {
    const level = exchange.outcome === 'upstream_failed' ? 'warn' : 'info';
    if (!this.logger.isLevelEnabled(level)) return;
    const details = this.logger.isLevelEnabled('debug') ? exchangeDetails(exchange) : {};
    const fields = { ...exchangeFields(exchange), ...details };
    writeLine(this.destination, { level, msg: 'exchange finished', fields });
  }
}
