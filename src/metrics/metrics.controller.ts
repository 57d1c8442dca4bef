import { Controller, Get, Header, Inject } from '@nestjs/common';
import { Registry } from 'prom-client';
import { OpenRoute } from '../access/open-route.js';
import { processRegistry, REGISTRY } from './registry.js';

/** Answers Prometheus. */
@Controller('metrics')
@OpenRoute()
export class MetricsController {
  constructor(@Inject(REGISTRY) private readonly registry: Registry) {}

  /** Every metric in the text exposition format 0.0.4. */
  @Get()
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  async metrics(): Promise<string> {
    const texts = await Promise.all([this.registry.metrics(), processRegistry().metrics()]);
    return texts.join('\n');
  }
}
