import { type DynamicModule, Module, type NestInterceptor, type Type } from '@nestjs/common';
import {
  EXCHANGE_HANDLER,
  EXCHANGE_INTERCEPTORS,
  type ExchangeHandler,
} from './exchange-handler.js';
import { ExchangeLedger } from './exchange-ledger.js';
import { ExchangePipeline } from './exchange-pipeline.js';
import { DrainState } from './gates/drain-state.js';
import { EventLoopDelay } from './gates/event-loop-delay.js';
import { EXCHANGE_GATES, type Gate } from './gates/gate.js';
import { InFlight } from './in-flight.js';
import { type Reply } from './reply/reply.js';
import { RunningReplies } from './reply/writing/running-replies.js';
import { Clock } from './timing/clock.js';

/** What every request passes, from its gates to the handler that forwards it. */
export interface ExchangeModuleOptions {
  /** Modules that provide what the interceptors and the handler are injected with. */
  readonly imports: Required<DynamicModule>['imports'];
  /** What a request passes before it is an exchange, in this order. */
  readonly gates: readonly Type<Gate>[];
  /** The life of a request, outer to inner; the one that responds comes first. */
  readonly interceptors: readonly Type<NestInterceptor<Reply, Reply>>[];
  readonly handler: Type<ExchangeHandler>;
}

/** One request and its reply: identity, clock, phase, cancellation, flow control. */
@Module({})
export class ExchangeModule {
  static forRoot({ imports, gates, interceptors, handler }: ExchangeModuleOptions): DynamicModule {
    return {
      module: ExchangeModule,
      global: true,
      imports,
      providers: [
        ...[Clock, DrainState, EventLoopDelay, InFlight, RunningReplies],
        ...[ExchangeLedger, ExchangePipeline],
        ...gates,
        {
          provide: EXCHANGE_GATES,
          useFactory: (...instances: Gate[]) => instances,
          inject: [...gates],
        },
        ...interceptors,
        {
          provide: EXCHANGE_INTERCEPTORS,
          useFactory: (...instances: NestInterceptor<Reply, Reply>[]) => instances,
          inject: [...interceptors],
        },
        handler,
        { provide: EXCHANGE_HANDLER, useExisting: handler },
      ],
      exports: [
        ...[Clock, DrainState, EventLoopDelay, InFlight, RunningReplies],
        ...[ExchangePipeline, EXCHANGE_GATES],
      ],
    };
  }
}
