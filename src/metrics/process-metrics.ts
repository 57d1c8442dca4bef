import { Inject, Injectable } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { EventLoopDelay } from '../exchange/gates/event-loop-delay.js';
import { REGISTRY } from './registry.js';

const MS_PER_SECOND = 1000;

/** What is true of this process rather than of what it carries. */
@Injectable()
export class ProcessMetrics {
  constructor(@Inject(REGISTRY) registry: Registry, delay: EventLoopDelay) {
    new Gauge({
      name: 'sluice_event_loop_delay_seconds',
      help: 'Mean delay of the last second; requests are refused while it is too high.',
      registers: [registry],
      collect() {
        this.set(delay.meanMs / MS_PER_SECOND);
      },
    });
  }
}
