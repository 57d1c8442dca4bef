import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge, type Registry } from 'prom-client';
import { ConfigReload } from '../config/reload/config-reload.js';
import { REGISTRY } from './registry.js';

/** What became of the files of the configuration. */
@Injectable()
export class ConfigMetrics {
  constructor(@Inject(REGISTRY) registry: Registry, reload: ConfigReload) {
    const registers = [registry];
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
