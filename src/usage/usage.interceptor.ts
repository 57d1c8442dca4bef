import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { type Observable } from 'rxjs';
import { ConfigStore } from '../config/config-store.js';
import { afterPromise } from '../exchange/after-promise.js';
import { type Endpoint, endpointOf } from '../exchange/endpoint.js';
import { exchangeOf } from '../exchange/exchange-context.js';
import { type Reply } from '../exchange/reply.js';
import { legacyRequestOf, mayReadLegacy } from './legacy-request.js';
import { ReplySamples } from './reply-samples.js';
import { UsageReading } from './usage-reading.js';
import { UsageRefusals } from './usage-refusals.js';

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

/**
 * Innermost: notes what replies used, said, and when. Of a stream it asks for the usage itself
 * where the client did not, and keeps that answer from it.
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
    const { analytics, limits } = this.config.current.settings;
    if (!analytics.isEnabled || exchange.method !== 'POST') return next.handle();
    const endpoint = endpointOf(exchange.path);
    if (!READ.has(endpoint)) return next.handle();
    const { refusals, samples } = this;
    const reading = new UsageReading({ exchange, endpoint, refusals, samples, next });
    if (endpoint !== 'completions' || !mayReadLegacy(exchange, limits.maxBodyBytes)) {
      return reading.replies();
    }
    exchange.phase = 'reading';
    return afterPromise(legacyRequestOf(exchange.body), ({ model, isStream }) => {
      exchange.facts.requestedModel ??= model;
      exchange.facts.stream = isStream;
      return reading.replies();
    });
  }
}
