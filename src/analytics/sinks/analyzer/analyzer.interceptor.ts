import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { exchangeOf } from '../../../exchange/exchange-context.js';
import { type Reply } from '../../../exchange/reply/reply.js';
import { tappedReply } from '../../../exchange/reply/transform/tapped-reply.js';
import { type Sink, SINKS } from '../sink.js';
import { type ChunkListener, AnalyzerSink } from './analyzer-sink.js';

/** Lets analyzers with `onChunk` see replies as clients get them; without one it costs nothing. */
@Injectable()
export class AnalyzerInterceptor implements NestInterceptor<Reply, Reply> {
  readonly #analyzers: readonly AnalyzerSink[];
  #listeners: readonly ChunkListener[] | null = null;

  constructor(@Inject(SINKS) sinks: readonly Sink[]) {
    this.#analyzers = sinks.filter((sink) => sink instanceof AnalyzerSink);
  }

  intercept(context: ExecutionContext, next: CallHandler<Reply>): Observable<Reply> {
    if (this.#analyzers.length === 0) return next.handle();
    // They are loaded before the first request, and never change.
    this.#listeners ??= this.#analyzers.map(({ chunk }) => chunk).filter((chunk) => chunk !== null);
    const listeners = this.#listeners;
    if (listeners.length === 0) return next.handle();
    const { id } = exchangeOf(context);
    const onBytes = (bytes: Uint8Array): void => {
      for (const listener of listeners) listener(id, bytes);
    };
    return next.handle().pipe(map((reply) => tappedReply(reply, onBytes)));
  }
}
