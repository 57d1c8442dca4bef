import { type CallHandler, type NestInterceptor } from '@nestjs/common';
import { defer, from, isObservable, mergeMap, type Observable } from 'rxjs';
import { type ExchangeContext } from './exchange-context.js';
import { type ExchangeHandler } from './exchange-handler.js';
import { type Reply } from './reply/reply.js';

/** One step of an exchange's chain: an interceptor, and as `next` what lies inside it. */
export class ExchangeChain implements CallHandler<Reply> {
  constructor(
    private readonly interceptors: readonly NestInterceptor<Reply, Reply>[],
    private readonly handler: ExchangeHandler,
    private readonly context: ExchangeContext,
    private readonly depth = 0,
  ) {}

  handle(): Observable<Reply> {
    const { interceptors, handler, context, depth } = this;
    const interceptor = interceptors[depth];
    if (interceptor === undefined) return handler.handle(context.exchange);
    const inner = new ExchangeChain(interceptors, handler, context, depth + 1);
    const replies = interceptor.intercept(context, inner);
    if (isObservable(replies)) return replies;
    return defer(() => from(replies)).pipe(mergeMap((late) => late));
  }
}
