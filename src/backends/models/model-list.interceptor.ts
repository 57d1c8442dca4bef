import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { type Observable, of } from 'rxjs';
import { ConfigStore } from '../../config/config-store.js';
import { type SluiceConfig } from '../../config/typed/sluice-config.js';
import { afterPromise } from '../../exchange/after-promise.js';
import { exchangeOf } from '../../exchange/exchange-context.js';
import { type Exchange } from '../../exchange/exchange.js';
import { type Reply } from '../../exchange/reply/reply.js';
import { CLIENT_KEY_FIELDS } from '../../exchange/request/client-key-fields.js';
import { type LowerCaseHeaders } from '../control-request.js';
import { DiscoveredModels, isListMerged } from './discovered-models.js';
import { mergedModels } from './merged-models.js';
import { type ListedModel } from './model-listing.js';
import { modelNotListed } from './model-not-found.js';

const ACCOUNT_FIELDS = ['openai-organization', 'openai-project'] as const;

const LIST_PATH = /^(?:\/v1)?\/models(?:\/(.+))?$/;

/**
 * Answers `GET /v1/models` and `/models`, each with `/{id}`, where the list of the only backend would
 * not do: there are several, or the configuration names models.
 */
@Injectable()
export class ModelListInterceptor implements NestInterceptor<Reply, Reply> {
  constructor(
    private readonly config: ConfigStore,
    private readonly discovered: DiscoveredModels,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler<Reply>): Observable<Reply> {
    const exchange = exchangeOf(context);
    const { method, path } = exchange;
    if (method !== 'GET' && method !== 'HEAD') return next.handle();
    const asked = LIST_PATH.exec(path);
    const { current } = this.config;
    if (asked === null || !isListMerged(current)) return next.handle();
    const [, id] = asked;
    return afterPromise(this.#models(current, exchange), (models) => {
      if (id === undefined) return of(jsonReply({ object: 'list', data: [...models.values()] }));
      const name = decoded(id);
      const model = models.get(name);
      if (model === undefined) throw modelNotListed(name, [...models.keys()]);
      return of(jsonReply(model));
    });
  }

  async #models(
    config: SluiceConfig,
    exchange: Exchange,
  ): Promise<ReadonlyMap<string, ListedModel>> {
    const reader = { credentials: credentialsOf(exchange), signal: exchange.signal };
    const lists = await Promise.all(
      [...config.backends, ...config.fallbackBackends].map(
        async (backend) => [backend, await this.discovered.of(backend, reader)] as const,
      ),
    );
    const listedBy = new Map(lists);
    return mergedModels(config, (backend) => listedBy.get(backend) ?? []);
  }
}

/** The key of a client, and on whose account it asks; null without a key. */
function credentialsOf(exchange: Exchange): LowerCaseHeaders | null {
  const keys = fieldsOf(exchange, CLIENT_KEY_FIELDS);
  if (Object.keys(keys).length === 0) return null;
  return { ...keys, ...fieldsOf(exchange, ACCOUNT_FIELDS) };
}

function fieldsOf(exchange: Exchange, names: readonly string[]): LowerCaseHeaders {
  const fields: Record<string, string> = {};
  for (const name of names) {
    const value = exchange.header(name);
    if (value !== null) fields[name] = value;
  }
  return fields;
}

/** Ids have slashes, which some clients escape and some do not. */
function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

function jsonReply(value: unknown): Reply {
  const body = Buffer.from(JSON.stringify(value));
  const headers = ['content-type', 'application/json', 'content-length', `${body.length}`];
  return { status: 200, headers, body: of(body), route: null };
}
