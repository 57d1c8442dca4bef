import { Module } from '@nestjs/common';
import { Registry } from 'prom-client';
import { BackendsModule } from '../backends/backends.module.js';
import { ExchangeMetrics } from './exchange-metrics.js';
import { GatewayGauges } from './gateway-gauges.js';
import { MetricsController } from './metrics.controller.js';
import { ReasoningMetrics } from './reasoning-metrics.js';
import { processRegistry, REGISTRY } from './registry.js';

/** Counts for Prometheus. */
@Module({
  imports: [BackendsModule],
  controllers: [MetricsController],
  providers: [
    { provide: REGISTRY, useFactory: () => new Registry() },
    ExchangeMetrics,
    GatewayGauges,
    ReasoningMetrics,
    // More counters join here: a class that registers them and listens to what happens.
  ],
})
export class MetricsModule {
  constructor() {
    // From the start, so that the first scrape shows the event-loop delay since then.
    processRegistry();
  }
}
