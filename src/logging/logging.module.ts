import { Global, Module } from '@nestjs/common';
import { SLUICE_CONFIG } from '../config/config.module.js';
import { type SluiceConfig } from '../config/sluice-config.js';
import { ExchangeLog } from './exchange-log.js';
import { stdoutDestination, type LogDestination } from './log-destination.js';
import { LogFlush } from './log-flush.js';
import { createLogger, LOG_DESTINATION, LOGGER } from './logger.js';
import { NestLogger } from './nest-logger.js';

/** Writes structured logs that hold no secret. */
@Global()
@Module({
  providers: [
    { provide: LOG_DESTINATION, useFactory: stdoutDestination },
    {
      provide: LOGGER,
      inject: [SLUICE_CONFIG, LOG_DESTINATION],
      useFactory: ({ settings }: SluiceConfig, destination: LogDestination) =>
        createLogger(settings.log.level, destination),
    },
    NestLogger,
    ExchangeLog,
    LogFlush,
  ],
  exports: [LOGGER, NestLogger],
})
export class LoggingModule {}
