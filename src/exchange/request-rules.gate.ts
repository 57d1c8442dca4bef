import { Inject, Injectable } from '@nestjs/common';
import { SLUICE_CONFIG } from '../config/config.module.js';
import { type SluiceConfig } from '../config/sluice-config.js';
import { type Arrival } from './arrival.js';
import { type ExchangeError } from './exchange-error.js';
import { type Gate } from './gate.js';
import { brokenRule, type RequestRules } from './request-rules.js';

/** Refuses what is no proper request. */
@Injectable()
export class RequestRulesGate implements Gate {
  readonly #rules: RequestRules;

  constructor(@Inject(SLUICE_CONFIG) { settings }: SluiceConfig) {
    this.#rules = settings.limits;
  }

  refusalOf({ incoming, target }: Arrival): ExchangeError | null {
    return brokenRule(incoming, target, this.#rules);
  }
}
