import { Module } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { Registry } from 'prom-client';
import { BackendsModule } from '../backends/backends.module.js';
import { onExchange } from '../exchange/exchange.events.js';
import { isOwnTarget } from '../exchange/target/own-paths.js';
import { AnalyticsMetrics } from './analytics-metrics.js';
import { BackendMetrics } from './backend-metrics.js';
import { ConfigMetrics } from './config-metrics.js';
import { ExchangeMetrics } from './exchange-metrics.js';
import { GatewayGauges } from './gateway-gauges.js';
import { MetricsController } from './metrics.controller.js';
import { ProcessMetrics } from './process-metrics.js';
import { ReasoningMetrics } from './reasoning-metrics.js';
import { processRegistry, REGISTRY } from './registry.js';
import { TokenMetrics } from './token-metrics.js';

/** Counts for Prometheus. */
@Module({
  imports: [BackendsModule],
  controllers: [MetricsController],
  providers: [
    { provide: REGISTRY, useFactory: () => new Registry() },
    AnalyticsMetrics,
    BackendMetrics,
    ConfigMetrics,
    ExchangeMetrics,
    GatewayGauges,
    ProcessMetrics,
    ReasoningMetrics,
    TokenMetrics,
    // More counters join here: a class that registers them and listens to what happens.
  ],
})
export class MetricsModule {
  constructor(
    events: EventEmitter2,
    exchanges: ExchangeMetrics,
    reasoning: ReasoningMetrics,
    tokens: TokenMetrics,
  ) {
    for (const counter of [exchanges, reasoning, tokens]) {
      onExchange(events, 'exchange.finished', (exchange) => {
        // Those that the router answers are no exchanges, so those that fail do not count either.
        if (!isOwnTarget(exchange.path)) counter.finished(exchange);
      });
    }
    // From the start, so that the first scrape shows the event-loop delay since then.
    processRegistry();
  }
}
