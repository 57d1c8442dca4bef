import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge, type Registry } from 'prom-client';
import { ConfigReload } from '../config/reload/config-reload.js';
import { EventLoopDelay } from '../exchange/gates/event-loop-delay.js';
import { REGISTRY } from './registry.js';

const MS_PER_SECOND = 1000;

/** What is true of this process rather than of what it carries. */
@Injectable()
export class ProcessMetrics {
  constructor(@Inject(REGISTRY) registry: Registry, reload: ConfigReload, delay: EventLoopDelay) {
    const registers = [registry];
    new Gauge({
      name: 'sluice_event_loop_delay_seconds',
      help: 'Mean delay of the last second; requests are refused while it is too high.',
      registers,
      collect() {
        this.set(delay.meanMs / MS_PER_SECOND);
      },
    });
    new Counter({
      name: 'sluice_config_reloads_total',
      help: 'Looks at changed configuration files: put in force, or wrong and left out.',
      labelNames: ['result'],
      registers,
      collect() {
        this.reset();
        for (const [result, count] of Object.entries(reload.counts)) this.inc({ result }, count);
      },
    });
    new Gauge({
      name: 'sluice_config_last_reload_ok',
      help: '1 while the configuration in force is what its files say, 0 while they are wrong.',
      registers,
      collect() {
        this.set(reload.faults.length === 0 ? 1 : 0);
      },
    });
  }
}
