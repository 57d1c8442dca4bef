import { Global, Module } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { ConfigStore } from '../config/config-store.js';
import { onExchange } from '../exchange/exchange.events.js';
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
      inject: [ConfigStore, LOG_DESTINATION],
      useFactory: (config: ConfigStore, destination: LogDestination) => {
        const logger = createLogger(config.current.settings.log.level, destination);
        config.onSwap(({ settings }) => {
          logger.level = settings.log.level;
        });
        return logger;
      },
    },
    NestLogger,
    ExchangeLog,
    LogFlush,
  ],
  exports: [LOGGER, NestLogger],
})
export class LoggingModule {
  constructor(events: EventEmitter2, log: ExchangeLog) {
    onExchange(events, 'exchange.finished', (exchange) => {
      log.finished(exchange);
    });
  }
}
