import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  Logger,
  type NestInterceptor,
} from '@nestjs/common';
import { Observable } from 'rxjs';
import { SLUICE_CONFIG } from '../config/config.module.js';
import { type SluiceConfig } from '../config/sluice-config.js';
import { Clock } from './clock.js';
import { DrainState } from './drain-state.js';
import { exchangeContextOf } from './exchange-context.js';
import { type Reply } from './reply.js';
import { ReplyWriter } from './reply-writer.js';

/** Outermost: sends the reply to the client. Its own stream ends when the client is served or gone. */
@Injectable()
export class RespondInterceptor implements NestInterceptor<Reply, Reply> {
  readonly #logger = new Logger('Exchange');
  readonly #keepaliveMs: number;

  constructor(
    @Inject(SLUICE_CONFIG) { settings }: SluiceConfig,
    private readonly clock: Clock,
    private readonly drain: DrainState,
  ) {
    this.#keepaliveMs = settings.keepaliveMs;
  }

  intercept(context: ExecutionContext, next: CallHandler<Reply>): Observable<Reply> {
    const { exchange, response } = exchangeContextOf(context);
    return new Observable((served) => {
      const writer = new ReplyWriter(exchange, response, {
        clock: this.clock,
        keepaliveMs: this.#keepaliveMs,
        mustClose: () => this.drain.isRefusing,
        onClosed: () => {
          served.complete();
        },
        onFault: (error) => {
          this.#logger.error(error);
        },
      });
      writer.follow(next.handle());
    });
  }
}
