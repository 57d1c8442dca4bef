import { Injectable } from '@nestjs/common';
import { ConfigStore } from '../../config/config-store.js';
import { ExchangeError } from '../exchange-error.js';
import { InFlight } from '../in-flight.js';
import { isOwnTarget } from '../target/own-paths.js';
import { type Arrival } from './arrival.js';
import { DrainState } from './drain-state.js';
import { EventLoopDelay } from './event-loop-delay.js';
import { type Gate } from './gate.js';

/** Soon: load passes in a moment, and while this process drains another replica is there already. */
const RETRY_AFTER_SECONDS = '1';

/**
 * Turns exchanges away while draining, above `limits.in_flight`, and while this process is so busy
 * that more would make all of them late. Sluice's own paths always get in.
 */
@Injectable()
export class AdmissionGate implements Gate {
  constructor(
    private readonly config: ConfigStore,
    private readonly inFlight: InFlight,
    private readonly drain: DrainState,
    private readonly delay: EventLoopDelay,
  ) {}

  /** @returns `draining` or `overloaded`, with `Retry-After` */
  refusalOf({ target }: Arrival): ExchangeError | null {
    const { maxInFlight } = this.config.current.settings.limits;
    const isCrowded = this.inFlight.count >= maxInFlight;
    const { isLate } = this.delay;
    if ((!this.drain.isRefusing && !isCrowded && !isLate) || isOwnTarget(target)) return null;
    const headers = { 'retry-after': RETRY_AFTER_SECONDS };
    if (this.drain.isRefusing) {
      return new ExchangeError('draining', 'this server is shutting down', { headers });
    }
    const message = isCrowded
      ? `${maxInFlight} requests are running, which is the limit (limits.in_flight)`
      : 'this server is too busy to serve more requests in time';
    return new ExchangeError('overloaded', message, { headers });
  }
}
