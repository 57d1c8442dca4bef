import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { SLUICE_CONFIG } from '../config/config.module.js';
import { type SluiceConfig } from '../config/sluice-config.js';
import { brokenRule, type RequestRules } from './request-rules.js';

/** Refuses what is no proper request, on every path. */
@Injectable()
export class RequestRulesGuard implements CanActivate {
  readonly #rules: RequestRules;

  constructor(@Inject(SLUICE_CONFIG) { settings }: SluiceConfig) {
    this.#rules = settings.limits;
  }

  /** @throws ExchangeError for the rule that is broken. */
  canActivate(context: ExecutionContext): boolean {
    const { raw, originalUrl } = context.switchToHttp().getRequest<FastifyRequest>();
    const broken = brokenRule(raw, originalUrl, this.#rules);
    if (broken !== null) throw broken;
    return true;
  }
}
