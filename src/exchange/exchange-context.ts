import { type ExecutionContext } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type Exchange } from './exchange.js';

/** The context in which an exchange's interceptors run: Nest's, with the exchange in it. */
export class ExchangeContext extends ExecutionContextHost {
  constructor(
    readonly exchange: Exchange,
    incoming: IncomingMessage,
    readonly response: ServerResponse,
  ) {
    super([incoming, response], ExchangeContext, noHandler);
  }
}

/** The exchange an interceptor was called for. */
export function exchangeOf(context: ExecutionContext): Exchange {
  return exchangeContextOf(context).exchange;
}

/** The context itself, which has the response too: for the interceptor that writes the reply alone. */
export function exchangeContextOf(context: ExecutionContext): ExchangeContext {
  if (context instanceof ExchangeContext) return context;
  throw new Error('this interceptor belongs in ExchangeModule.forRoot({ interceptors })');
}

/** Where Nest looks for decorators: no method of a controller handles an exchange. */
function noHandler(): void {
  return;
}
