import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  Logger,
  type NestInterceptor,
} from '@nestjs/common';
import { Observable } from 'rxjs';
import { ConfigStore } from '../config/config-store.js';
import { exchangeContextOf } from './exchange-context.js';
import { DrainState } from './gates/drain-state.js';
import { type Reply } from './reply/reply.js';
import { ReplyWriter } from './reply/writing/reply-writer.js';
import { RunningReplies } from './reply/writing/running-replies.js';
import { Clock } from './timing/clock.js';

/** Outermost: sends the reply to the client. Its own stream ends when the client is served or gone. */
@Injectable()
export class RespondInterceptor implements NestInterceptor<Reply, Reply> {
  readonly #logger = new Logger('Exchange');

  constructor(
    private readonly config: ConfigStore,
    private readonly clock: Clock,
    private readonly drain: DrainState,
    private readonly running: RunningReplies,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler<Reply>): Observable<Reply> {
    const { exchange, response } = exchangeContextOf(context);
    const { keepaliveMs, limits } = this.config.current.settings;
    return new Observable((served) => {
      const writer = new ReplyWriter(exchange, response, {
        clock: this.clock,
        keepaliveMs,
        stalledReaderMs: limits.stalledReaderMs,
        mustClose: () => this.drain.isRefusing && !this.running.isFollowed(place),
        onClosed: () => {
          place.leave();
          served.complete();
        },
        onFault: (error) => {
          this.#logger.error(error);
        },
      });
      const place = this.running.begin(writer);
      writer.follow(next.handle());
    });
  }
}
