import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { BackendsModule } from './backends/backends.module.js';
import { ModelListInterceptor } from './backends/model-list.interceptor.js';
import { ChatModule } from './chat/chat.module.js';
import { ChatRequestInterceptor } from './chat/chat-request.interceptor.js';
import { ReasoningInterceptor } from './chat/reasoning.interceptor.js';
import { ConfigModule } from './config/config.module.js';
import { type SluiceConfig } from './config/sluice-config.js';
import { AdmissionGate } from './exchange/admission.gate.js';
import { ExchangeErrorFilter } from './exchange/exchange-error.filter.js';
import { ExchangeModule } from './exchange/exchange.module.js';
import { GatesGuard } from './exchange/gates.guard.js';
import { RequestRulesGate } from './exchange/request-rules.gate.js';
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
        BackendsModule,
        ChatModule,
        ProxyModule,
        // The life of a request, outer to inner.
        ExchangeModule.forRoot({
          imports: [BackendsModule, ChatModule, ProxyModule],
          gates: [RequestRulesGate, AdmissionGate],
          interceptors: [
            RespondInterceptor,
            ModelListInterceptor,
            ChatRequestInterceptor,
            ReasoningInterceptor,
          ],
          handler: Forwarder,
        }),
      ],
      providers: [
        { provide: APP_GUARD, useClass: GatesGuard },
        { provide: APP_FILTER, useClass: ExchangeErrorFilter },
      ],
    };
  }
}
