import { type BackendConfig } from '../config/typed/backend-config.js';
import { matchesEverything, matchesGlob } from '../config/typed/model-globs.js';
import { DEFAULT_MODEL } from '../config/typed/offered-model.js';
import { type SluiceConfig } from '../config/typed/sluice-config.js';
import { ExchangeError } from '../exchange/exchange-error.js';
import { modelNotFound } from './models/model-not-found.js';
import { type KnownBackend, Serving } from './serving.js';
import { type BackendState } from './state/backend-state.js';

/** What a request is, as far as the choice of its backend goes. */
export interface RouteQuery {
  /** The model the request names; null when it names none. */
  readonly model: string | null;
  /** `required`: some backend, an entry of `models` or the request must name one. */
  readonly modelIs: 'required' | 'optional';
}

/** Most names of models that were asked for and are remembered; clients make them up. */
const MAX_REMEMBERED = 1024;
const MAX_REMEMBERED_NAME = 256;

type Tiers = readonly (readonly KnownBackend[])[];

/** Says which backends of a configuration serve which request. */
export class RoutingTable {
  /** Whether the JSON of a request decides or is changed, so that requests must be read. */
  readonly dependsOnJson: boolean;
  readonly #all: Tiers;
  readonly #offered: ReadonlyMap<string, Serving>;
  /** Of requests that name a model which is not offered, by who serves it. */
  readonly #byServers = new Map<string, Serving>();
  readonly #remembered = new Map<string, Serving>();
  /** Of requests that need no model and name none. */
  readonly #modelless: Serving;
  /** Of requests that need a model and name none. */
  readonly #unnamed: Serving | null;

  /** @param stateOf - what is known of a backend; the same object every time. */
  constructor(
    private readonly config: SluiceConfig,
    stateOf: (backend: BackendConfig) => BackendState,
  ) {
    const { backends, fallbackBackends, models, settings } = config;
    this.#all = [backends, fallbackBackends].map((tier) =>
      tier.map((backend) => ({ config: backend, state: stateOf(backend) })),
    );
    this.#offered = new Map(
      models.map((offered) => {
        const tiers = this.#where(({ name }) => offered.backends?.includes(name) ?? true);
        return [offered.name, new Serving({ tiers, offered, affinity: offered.affinity })];
      }),
    );
    this.#modelless = new Serving({ tiers: this.#all, offered: null, affinity: null });
    const naming = this.#where(({ model }) => model !== null);
    this.#unnamed =
      this.#offered.get(DEFAULT_MODEL) ??
      (naming.flat().length === 0
        ? null
        : new Serving({ tiers: naming, offered: null, affinity: settings.affinity }));
    this.dependsOnJson =
      models.length > 0 ||
      this.#modelless.hasChoice ||
      this.#all.flat().some((known) => mustRead(known, this.#modelless));
  }

  /**
   * Who serves a request.
   *
   * @throws ExchangeError `model_not_found` naming what is served; `missing_field` when a model is
   * required and nobody names one.
   */
  serving({ model, modelIs }: RouteQuery): Serving {
    if (model !== null) return this.#offered.get(model) ?? this.#servingAnyOther(model);
    if (modelIs === 'optional') return this.#modelless;
    if (this.#unnamed !== null) return this.#unnamed;
    throw new ExchangeError(
      'missing_field',
      "the request names no 'model', and no backend has one",
      { param: 'model' },
    );
  }

  #servingAnyOther(model: string): Serving {
    const known = this.#remembered.get(model);
    if (known !== undefined) return known;
    const tiers = this.#where(({ models }) => models.some((glob) => matchesGlob(glob, model)));
    if (tiers.flat().length === 0) throw modelNotFound(model, this.config);
    const serving = this.#servedBy(tiers);
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    if (model.length <= MAX_REMEMBERED_NAME) this.#remembered.set(model, serving);
    return serving;
  }

  // Many names have few sets of servers between them; at most one for each remembered name.
  #servedBy(tiers: Tiers): Serving {
    const key = JSON.stringify(tiers.map((tier) => tier.map(({ config: { name } }) => name)));
    let serving = this.#byServers.get(key);
    if (serving === undefined) {
      if (this.#byServers.size >= MAX_REMEMBERED) this.#byServers.clear();
      const { affinity } = this.config.settings;
      serving = new Serving({ tiers, offered: null, affinity });
      this.#byServers.set(key, serving);
    }
    return serving;
  }

  #where(serves: (backend: BackendConfig) => boolean): Tiers {
    return this.#all.map((tier) => tier.filter(({ config }) => serves(config)));
  }
}

function mustRead({ config, state }: KnownBackend, serving: Serving): boolean {
  return serving.routeTo(state, null).change !== null || !matchesEverything(config.models);
}
