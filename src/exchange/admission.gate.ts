import { Inject, Injectable } from '@nestjs/common';
import { SLUICE_CONFIG } from '../config/config.module.js';
import { type SluiceConfig } from '../config/sluice-config.js';
import { type Arrival } from './arrival.js';
import { DrainState } from './drain-state.js';
import { ExchangeError } from './exchange-error.js';
import { type Gate } from './gate.js';
import { InFlight } from './in-flight.js';
import { isOwnTarget } from './own-paths.js';

/** Soon: the load of a moment, or another replica that is already there. */
const RETRY_AFTER_SECONDS = '1';

/** Turns exchanges away while draining and above `limits.in_flight`; probes always get in. */
@Injectable()
export class AdmissionGate implements Gate {
  readonly #maxInFlight: number;

  constructor(
    @Inject(SLUICE_CONFIG) { settings }: SluiceConfig,
    private readonly inFlight: InFlight,
    private readonly drain: DrainState,
  ) {
    this.#maxInFlight = settings.limits.maxInFlight;
  }

  /** @returns `draining` or `overloaded`, with `Retry-After` */
  refusalOf({ target }: Arrival): ExchangeError | null {
    const isCrowded = this.inFlight.count >= this.#maxInFlight;
    if ((!this.drain.isRefusing && !isCrowded) || isOwnTarget(target)) return null;
    const headers = { 'retry-after': RETRY_AFTER_SECONDS };
    if (this.drain.isRefusing) {
      return new ExchangeError('draining', 'this server is shutting down', { headers });
    }
    const message = `${this.#maxInFlight} requests are running, which is the limit (limits.in_flight)`;
    return new ExchangeError('overloaded', message, { headers });
  }
}
