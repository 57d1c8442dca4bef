import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';
import { afterPromise } from '../exchange/after-promise.js';
import { exchangeOf } from '../exchange/exchange-context.js';
import { ExchangeError } from '../exchange/exchange-error.js';
import { type Reply } from '../exchange/reply/reply.js';
import { modelCallAt } from '../exchange/target/model-call.js';
import { readChatRequest } from './chat-request.js';

/** Lets only chat requests through that a backend can make sense of. */
@Injectable()
export class ChatRequestInterceptor implements NestInterceptor<Reply, Reply> {
  intercept(context: ExecutionContext, next: CallHandler<Reply>): Observable<Reply> {
    const exchange = exchangeOf(context);
    if (modelCallAt(exchange.path)?.completion !== 'chat') return next.handle();
    // What a browser asks before it sends a chat (WHATWG Fetch, CORS preflight) is the backend's.
    if (exchange.method === 'OPTIONS') return next.handle();
    if (exchange.method !== 'POST') {
      const message = `${exchange.path} takes POST, not ${exchange.method}`;
      const headers = { allow: 'POST' };
      return throwError(() => new ExchangeError('method_not_allowed', message, { headers }));
    }
    exchange.phase = 'reading';
    return afterPromise(exchange.body.json(), (body) => {
      const { model, isStream } = readChatRequest(body);
      exchange.facts.requestedModel = model;
      exchange.facts.stream = isStream;
      return next.handle();
    });
  }
}
