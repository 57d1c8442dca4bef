import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { SLUICE_CONFIG } from '../config/config.module.js';
import { type SluiceConfig } from '../config/sluice-config.js';
import { DrainState } from './drain-state.js';
import { ExchangeError } from './exchange-error.js';
import { InFlight } from './in-flight.js';
import { isOwnTarget } from './own-paths.js';

/** Soon: the load of a moment, or another replica that is already there. */
const RETRY_AFTER_SECONDS = '1';

/** Turns exchanges away while draining and above `limits.in_flight`; probes always get in. */
@Injectable()
export class AdmissionGuard implements CanActivate {
  readonly #maxInFlight: number;

  constructor(
    @Inject(SLUICE_CONFIG) { settings }: SluiceConfig,
    private readonly inFlight: InFlight,
    private readonly drain: DrainState,
  ) {
    this.#maxInFlight = settings.limits.maxInFlight;
  }

  /** @throws ExchangeError `draining` or `overloaded`, with `Retry-After`. */
  canActivate(context: ExecutionContext): boolean {
    const { originalUrl } = context.switchToHttp().getRequest<FastifyRequest>();
    if (isOwnTarget(originalUrl)) return true;
    const headers = { 'retry-after': RETRY_AFTER_SECONDS };
    if (this.drain.isRefusing) {
      throw new ExchangeError('draining', 'this server is shutting down', { headers });
    }
    if (this.inFlight.count >= this.#maxInFlight) {
      const message = `${this.#maxInFlight} requests are running, which is the limit (limits.in_flight)`;
      throw new ExchangeError('overloaded', message, { headers });
    }
    return true;
  }
}
