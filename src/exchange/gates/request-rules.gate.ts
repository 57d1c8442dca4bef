import { Injectable } from '@nestjs/common';
import { ConfigStore } from '../../config/config-store.js';
import { type ExchangeError } from '../exchange-error.js';
import { type Arrival } from './arrival.js';
import { type Gate } from './gate.js';
import { brokenRule } from './request-rules.js';

/** Refuses what is no proper request. */
@Injectable()
export class RequestRulesGate implements Gate {
  constructor(private readonly config: ConfigStore) {}

  refusalOf({ incoming, target }: Arrival): ExchangeError | null {
    return brokenRule(incoming, target, this.config.current.settings.limits);
  }
}
