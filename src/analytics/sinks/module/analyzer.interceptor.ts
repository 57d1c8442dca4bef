import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { map, type Observable, tap } from 'rxjs';
import { exchangeOf } from '../../../exchange/exchange-context.js';
import { type Reply } from '../../../exchange/reply.js';
import { type Sink, SINKS } from '../sink.js';
import { type ChunkListener, ModuleSink } from './module-sink.js';

/** Lets analyzers with `onChunk` see replies as clients get them; without one it costs nothing. */
@Injectable()
export class AnalyzerInterceptor implements NestInterceptor<Reply, Reply> {
  readonly #modules: readonly ModuleSink[];
  #listeners: readonly ChunkListener[] | null = null;

  constructor(@Inject(SINKS) sinks: readonly Sink[]) {
    this.#modules = sinks.filter((sink) => sink instanceof ModuleSink);
  }

  intercept(context: ExecutionContext, next: CallHandler<Reply>): Observable<Reply> {
    if (this.#modules.length === 0) return next.handle();
    // They are loaded before the first request, and never change.
    this.#listeners ??= this.#modules.map(({ chunk }) => chunk).filter((chunk) => chunk !== null);
    const listeners = this.#listeners;
    if (listeners.length === 0) return next.handle();
    const { id } = exchangeOf(context);
    return next.handle().pipe(map((reply) => tapped(reply, id, listeners)));
  }
}

function tapped(reply: Reply, id: string, listeners: readonly ChunkListener[]): Reply {
  const body: Observable<Uint8Array> = reply.body.pipe(
    tap((bytes) => {
      for (const listener of listeners) listener(id, bytes);
    }),
  );
  return { ...reply, body };
}
