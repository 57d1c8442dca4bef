import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { type Observable, of, throwError } from 'rxjs';
import { ConfigStore } from '../config/config-store.js';
import { exchangeOf } from '../exchange/exchange-context.js';
import { type Reply } from '../exchange/reply.js';
import { DiscoveredModels, isListMerged } from './discovered-models.js';
import { modelNotFound } from './model-not-found.js';
import { mergedModels } from './model-list.js';

const LIST_PATH = /^(?:\/v1)?\/models(?:\/(.+))?$/;

/** Answers `GET /v1/models` and `/models`, each with `/{id}`, where several backends stand behind it. */
@Injectable()
export class ModelListInterceptor implements NestInterceptor<Reply, Reply> {
  constructor(
    private readonly config: ConfigStore,
    private readonly discovered: DiscoveredModels,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler<Reply>): Observable<Reply> {
    const { method, path } = exchangeOf(context);
    if (method !== 'GET' && method !== 'HEAD') return next.handle();
    const asked = LIST_PATH.exec(path);
    const { current } = this.config;
    if (asked === null || !isListMerged(current)) return next.handle();
    const models = mergedModels(current, (backend) => this.discovered.of(backend));
    const [, id] = asked;
    if (id === undefined) return of(jsonReply({ object: 'list', data: [...models.values()] }));
    const name = decoded(id);
    const model = models.get(name);
    return model === undefined
      ? throwError(() => modelNotFound(name, current))
      : of(jsonReply(model));
  }
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
