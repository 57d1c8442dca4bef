import { Controller, Get, Res } from '@nestjs/common';
import { OpenRoute } from '../access/open-route.js';
import { Delivery } from '../analytics/delivery/delivery.js';
import { BackendRegistry } from '../backends/backend-registry.js';
import { type BackendHealth } from '../backends/state/backend-health.js';
import { ConfigReload } from '../config/reload/config-reload.js';
import { InFlight } from '../exchange/in-flight.js';
import { Clock } from '../exchange/timing/clock.js';
import { DrainService } from './drain.service.js';
import {
  type BackendUsage,
  healthReport,
  isReady,
  type GatewayHealth,
  type HealthReport,
} from './health-report.js';

/** The part of a reply that a probe needs. */
interface StatusLine {
  status(code: number): unknown;
}

/** Answers the probes, from what is known already: no backend can delay an answer. */
@Controller('health')
@OpenRoute()
export class HealthController {
  constructor(
    private readonly drain: DrainService,
    private readonly inFlight: InFlight,
    private readonly registry: BackendRegistry,
    private readonly reload: ConfigReload,
    private readonly delivery: Delivery,
    private readonly clock: Clock,
  ) {}

  /** Everything known, with the status of {@link ready}. */
  @Get()
  health(@Res({ passthrough: true }) reply: StatusLine): HealthReport {
    const health = this.#gatewayHealth();
    reply.status(isReady(health) ? 200 : 503);
    return healthReport(health);
  }

  /** Whether traffic should come here: 200, or 503 while draining or with every backend down. */
  @Get('ready')
  ready(@Res({ passthrough: true }) reply: StatusLine): Pick<HealthReport, 'status' | 'draining'> {
    const { status, draining } = this.health(reply);
    return { status, draining };
  }

  /** Whether the process answers. No backend's fault shows here: a restart would not mend it. */
  @Get('live')
  live(): { readonly status: 'ok' } {
    return { status: 'ok' };
  }

  #gatewayHealth(): GatewayHealth {
    return {
      backends: this.#backendHealth(),
      usage: this.#usage(),
      isDraining: this.drain.isDraining,
      inFlight: this.inFlight.count,
      configFaults: this.reload.faults,
      sinks: this.delivery.figures,
    };
  }

  #backendHealth(): ReadonlyMap<string, BackendHealth> {
    return new Map(this.registry.backends.map(({ name }) => [name, this.registry.healthOf(name)]));
  }

  #usage(): ReadonlyMap<string, BackendUsage> {
    const nowMs = this.clock.monotonicMs();
    return new Map(
      [...this.registry.states].map(([name, state]) => [
        name,
        { breaker: state.stateAt(nowMs), inFlight: state.inFlight },
      ]),
    );
  }
}
