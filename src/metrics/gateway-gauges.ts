import { Inject, Injectable } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { BackendRegistry } from '../backends/backend-registry.js';
import { InFlight } from '../exchange/in-flight.js';
import { REGISTRY } from './registry.js';

/** What is true of the gateway at the moment it is asked. */
@Injectable()
export class GatewayGauges {
  constructor(@Inject(REGISTRY) registry: Registry, inFlight: InFlight, backends: BackendRegistry) {
    new Gauge({
      name: 'sluice_in_flight',
      help: 'Exchanges that are running.',
      registers: [registry],
      collect() {
        this.set(inFlight.count);
      },
    });
    new Gauge({
      name: 'sluice_backend_up',
      help: '1 when the latest probe reached the backend, 0 when not; absent before the first.',
      labelNames: ['backend'],
      registers: [registry],
      collect() {
        this.reset();
        for (const { name: backend } of backends.backends) {
          const { status } = backends.healthOf(backend);
          if (status !== 'unknown') this.set({ backend }, status === 'up' ? 1 : 0);
        }
      },
    });
  }
}
