import { Inject, Injectable } from '@nestjs/common';
import { SLUICE_CONFIG } from '../config/config.module.js';
import { type BackendConfig, type SluiceConfig } from '../config/sluice-config.js';
import { ExchangeError } from '../exchange/exchange-error.js';
import { type Route } from '../exchange/route.js';
import { matchesEverything, matchesGlob } from './model-globs.js';

/** As the prober last saw it. */
export type BackendStatus = 'unknown' | 'up' | 'down';

/** What a request is, as far as the choice of its backend goes. */
export interface RouteQuery {
  /** The model the request names; null when it names none. */
  readonly model: string | null;
  /** `required`: some backend or the request must name one. */
  readonly modelIs: 'required' | 'optional';
}

/** Knows the backends and which of them serves a request. */
@Injectable()
export class BackendRegistry {
  /** In the order of the configuration; never empty. */
  readonly backends: readonly BackendConfig[];
  /** Whether a request's model decides or is replaced, so that requests must be read. */
  readonly dependsOnModel: boolean;
  readonly #statuses = new Map<string, BackendStatus>();

  constructor(@Inject(SLUICE_CONFIG) { backends }: SluiceConfig) {
    this.backends = backends;
    this.dependsOnModel =
      backends.length > 1 ||
      backends.some(({ model, models }) => model !== null || !matchesEverything(models));
  }

  status(name: string): BackendStatus {
    return this.#statuses.get(name) ?? 'unknown';
  }

  setStatus(name: string, status: BackendStatus): void {
    this.#statuses.set(name, status);
  }

  /**
   * The first backend that serves the model.
   *
   * @throws ExchangeError `model_not_found` naming what is served; `missing_field` when a model is
   * required and neither the request nor a backend names one.
   */
  route({ model, modelIs }: RouteQuery): Route {
    if (model !== null) return this.#routeOf(this.#serving(model), model);
    const backend = modelIs === 'required' ? this.#naming() : this.backends[0];
    if (backend === undefined) throw new Error('a configuration has at least one backend');
    return this.#routeOf(backend, null);
  }

  #serving(model: string): BackendConfig {
    const backend = this.backends.find(({ models }) =>
      models.some((glob) => matchesGlob(glob, model)),
    );
    if (backend !== undefined) return backend;
    const served = [...new Set(this.backends.flatMap(({ models }) => models))].join(', ');
    const message = `no backend serves the model '${model}'; served are: ${served}`;
    throw new ExchangeError('model_not_found', message, { param: 'model' });
  }

  #naming(): BackendConfig {
    const backend = this.backends.find(({ model }) => model !== null);
    if (backend !== undefined) return backend;
    throw new ExchangeError(
      'missing_field',
      "the request names no 'model', and no backend has one",
      {
        param: 'model',
      },
    );
  }

  #routeOf(backend: BackendConfig, model: string | null): Route {
    return { backend, model: backend.model ?? model, reasoning: backend.reasoning };
  }
}
