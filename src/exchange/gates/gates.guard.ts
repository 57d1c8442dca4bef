import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { EXCHANGE_GATES, firstRefusal, type Gate } from './gate.js';

/** Holds Sluice's own routes to the gates that forwarded requests pass in the pipeline. */
@Injectable()
export class GatesGuard implements CanActivate {
  constructor(@Inject(EXCHANGE_GATES) private readonly gates: readonly Gate[]) {}

  /** @throws ExchangeError of the gate that refuses */
  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const { raw: incoming, originalUrl: target } = http.getRequest<FastifyRequest>();
    const { raw: response } = http.getResponse<FastifyReply>();
    const refusal = firstRefusal(this.gates, { incoming, response, target });
    if (refusal !== null) throw refusal;
    return true;
  }
}
