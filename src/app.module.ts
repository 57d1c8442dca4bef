import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { ChatModule } from './chat/chat.module.js';
import { ChatRequestInterceptor } from './chat/chat-request.interceptor.js';
import { ReasoningInterceptor } from './chat/reasoning.interceptor.js';
import { ConfigModule } from './config/config.module.js';
import { type SluiceConfig } from './config/sluice-config.js';
import { AdmissionGuard } from './exchange/admission.guard.js';
import { ExchangeErrorFilter } from './exchange/exchange-error.filter.js';
import { ExchangeModule } from './exchange/exchange.module.js';
import { RequestRulesGuard } from './exchange/request-rules.guard.js';
import { RespondInterceptor } from './exchange/respond.interceptor.js';
import { HealthModule } from './health/health.module.js';
import { LoggingModule } from './logging/logging.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { Forwarder } from './proxy/forwarder.js';
import { ProxyModule } from './proxy/proxy.module.js';

/** The architecture as one list. */
@Module({})
export class AppModule {
  static forRoot(config: SluiceConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(config),
        EventEmitterModule.forRoot(),
        LoggingModule,
        MetricsModule,
        HealthModule,
        ChatModule,
        ProxyModule,
        // The life of a request, outer to inner.
        ExchangeModule.forRoot({
          imports: [ChatModule, ProxyModule],
          interceptors: [RespondInterceptor, ChatRequestInterceptor, ReasoningInterceptor],
          handler: Forwarder,
        }),
      ],
      providers: [
        { provide: APP_GUARD, useClass: RequestRulesGuard },
        { provide: APP_GUARD, useClass: AdmissionGuard },
        { provide: APP_FILTER, useClass: ExchangeErrorFilter },
      ],
    };
  }
}
