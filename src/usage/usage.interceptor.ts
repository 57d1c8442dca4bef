import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { type Observable } from 'rxjs';
import { ConfigStore } from '../config/config-store.js';
import { type SluiceConfig } from '../config/typed/sluice-config.js';
import { afterPromise } from '../exchange/after-promise.js';
import { exchangeOf } from '../exchange/exchange-context.js';
import { type Exchange } from '../exchange/exchange.js';
import { type Reply } from '../exchange/reply/reply.js';
import { type Endpoint, endpointOf } from '../exchange/target/endpoint.js';
import { mayDecideStream } from './asking/stream-parameters.js';
import { UsageQuestion } from './asking/usage-question.js';
import { UsageRefusals } from './asking/usage-refusals.js';
import { mayReadRequest, noteRequest } from './noting/request-facts.js';
import { ReplySamples } from './noting/sample/reply-samples.js';
import { UsageWitness } from './noting/usage-witness.js';

/** Endpoints whose replies tell what they used. */
const READ: ReadonlySet<Endpoint> = new Set<Endpoint>([
  'audio',
  'chat',
  'completions',
  'embeddings',
  'images',
  'messages',
  'rerank',
  'responses',
]);

/** Endpoints whose streams tell it only when they are asked. */
const ASKED: ReadonlySet<Endpoint> = new Set<Endpoint>(['chat', 'completions']);

/**
 * Innermost: notes which model requests name, and what replies used, said, and when. Of a stream it
 * asks for the usage itself where the client did not, and keeps that answer from it.
 */
@Injectable()
export class UsageInterceptor implements NestInterceptor<Reply, Reply> {
  constructor(
    private readonly config: ConfigStore,
    private readonly refusals: UsageRefusals,
    private readonly samples: ReplySamples,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler<Reply>): Observable<Reply> {
    const exchange = exchangeOf(context);
    const config = this.config.current;
    const { analytics, limits } = config.settings;
    if (!analytics.isEnabled || exchange.method !== 'POST') return next.handle();
    const endpoint = endpointOf(exchange.path);
    if (!READ.has(endpoint)) return next.handle();
    const { refusals, samples } = this;
    exchange.witness = new UsageWitness({ exchange, endpoint, samples });
    const { maxBodyBytes } = limits;
    const replies = (): Observable<Reply> =>
      ASKED.has(endpoint) && mayAskForStream(exchange, config)
        ? new UsageQuestion({ exchange, refusals, next }).replies()
        : next.handle();
    if (!mayReadRequest(exchange, endpoint, maxBodyBytes)) return replies();
    exchange.phase = 'reading';
    return afterPromise(noteRequest(exchange), replies);
  }
}

/** Whether what is sent for an exchange may ask for a stream, as far as is known before its route is. */
function mayAskForStream({ facts }: Exchange, config: SluiceConfig): boolean {
  return facts.stream || mayDecideStream(config);
}
