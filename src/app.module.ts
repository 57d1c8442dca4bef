import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { AdminGuard } from './access/admin.guard.js';
import { AnalyticsInterceptor } from './analytics/analytics.interceptor.js';
import { AnalyticsModule } from './analytics/analytics.module.js';
import { AnalyticsApiModule } from './analytics/api/analytics-api.module.js';
import { AnalyzerInterceptor } from './analytics/sinks/analyzer/analyzer.interceptor.js';
import { BackendsModule } from './backends/backends.module.js';
import { ModelListInterceptor } from './backends/models/model-list.interceptor.js';
import { ChatRequestInterceptor } from './chat/chat-request.interceptor.js';
import { ChatModule } from './chat/chat.module.js';
import { ReasoningInterceptor } from './chat/reasoning.interceptor.js';
import { ConfigModule } from './config/config.module.js';
import { type SluiceConfig } from './config/typed/sluice-config.js';
import { ExchangeErrorFilter } from './exchange/exchange-error.filter.js';
import { ExchangeModule } from './exchange/exchange.module.js';
import { AdmissionGate } from './exchange/gates/admission.gate.js';
import { RequestRulesGate } from './exchange/gates/request-rules.gate.js';
import { RespondInterceptor } from './exchange/respond.interceptor.js';
import { HealthModule } from './health/health.module.js';
import { LoggingModule } from './logging/logging.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { Forwarder } from './proxy/forwarder.js';
import { ProxyModule } from './proxy/proxy.module.js';
import { UsageInterceptor } from './usage/usage.interceptor.js';
import { UsageModule } from './usage/usage.module.js';

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
        UsageModule,
        AnalyticsModule,
        AnalyticsApiModule,
        // The life of a request, outer to inner.
        ExchangeModule.forRoot({
          imports: [BackendsModule, ChatModule, ProxyModule, UsageModule],
          gates: [RequestRulesGate, AdmissionGate],
          interceptors: [
            RespondInterceptor,
            AnalyticsInterceptor,
            AnalyzerInterceptor,
            ModelListInterceptor,
            ChatRequestInterceptor,
            ReasoningInterceptor,
            UsageInterceptor,
          ],
          handler: Forwarder,
        }),
      ],
      providers: [
        { provide: APP_GUARD, useClass: AdminGuard },
        { provide: APP_FILTER, useClass: ExchangeErrorFilter },
      ],
    };
  }
}
