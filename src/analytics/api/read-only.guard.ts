import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { ExchangeError } from '../../exchange/exchange-error.js';

/** Refuses whatever is not a question: records are made by exchanges alone. */
@Injectable()
export class ReadOnlyGuard implements CanActivate {
  /** @throws ExchangeError `method_not_allowed` */
  canActivate(context: ExecutionContext): boolean {
    const { method } = context.switchToHttp().getRequest<FastifyRequest>();
    if (method === 'GET' || method === 'HEAD') return true;
    throw new ExchangeError('method_not_allowed', `${method} is not served here`, {
      headers: { allow: 'GET, HEAD' },
    });
  }
}
