import { type AffinityConfig } from '../config/typed/affinity.js';
import { type BackendConfig } from '../config/typed/backend-config.js';
import { type OfferedModel, paramsFor, policyFor } from '../config/typed/offered-model.js';
import { type ParamsConfig } from '../config/typed/params-config.js';
import { type TimeoutsConfig } from '../config/typed/timeouts-config.js';
import { type RequestChange, type Route } from '../exchange/route.js';
import { type BackendState } from './state/backend-state.js';

/** A backend with what is known of it. */
export interface KnownBackend {
  readonly config: BackendConfig;
  readonly state: BackendState;
}

/** What one kind of request may be served by. */
export interface ServingParts {
  /** Those that can serve, primary ones first, then those to fall back to. */
  readonly tiers: readonly (readonly KnownBackend[])[];
  /** The entry of `models` that was asked for; null for any other name. */
  readonly offered: OfferedModel | null;
  readonly affinity: AffinityConfig | null;
}

/** Who serves one kind of request, and as what. Made once for all requests of that kind. */
export class Serving {
  readonly tiers: readonly (readonly BackendState[])[];
  readonly affinity: AffinityConfig | null;
  /** Whether there is anything to choose. */
  readonly hasChoice: boolean;
  readonly #routes: ReadonlyMap<BackendState, Route>;

  constructor({ tiers, offered, affinity }: ServingParts) {
    const all = tiers.flat();
    this.tiers = tiers.map((tier) => tier.map(({ state }) => state));
    this.affinity = affinity;
    this.hasChoice = all.length > 1;
    this.#routes = new Map(all.map(({ config, state }) => [state, routeTo(config, offered)]));
  }

  /**
   * The route to one of its backends.
   *
   * @param requested - the model the request names; null when it names none.
   */
  routeTo(backend: BackendState, requested: string | null): Route {
    const route = this.#routeOf(backend);
    return route.model !== null || requested === null ? route : { ...route, model: requested };
  }

  /** Whether others share what this one gets of it. */
  isShared(backend: BackendState): boolean {
    return this.tiers.some((tier) => tier.length > 1 && tier.includes(backend));
  }

  timeoutsOf(backend: BackendState): TimeoutsConfig {
    return this.#routeOf(backend).backend.timeouts;
  }

  #routeOf(backend: BackendState): Route {
    const route = this.#routes.get(backend);
    if (route === undefined) throw new Error(`backend ${backend.name} does not serve this`);
    return route;
  }
}

/** Its model is null where the request's own is sent. */
function routeTo(backend: BackendConfig, offered: OfferedModel | null): Route {
  const model = backend.model ?? offered?.model ?? null;
  const params = withModel(paramsFor(backend, offered), model);
  const appendToLastUserMessage = offered?.appendToLastUserMessage ?? null;
  return {
    backend,
    model,
    reasoning: policyFor(backend, offered),
    change: changeOrNull({ params, appendToLastUserMessage }),
  };
}

// Set last, so that it wins over a parameter of that name.
function withModel(params: ParamsConfig, model: string | null): ParamsConfig {
  if (model === null) return params;
  const isOther = ({ name }: { readonly name: string }): boolean => name !== 'model';
  return {
    set: [...params.set.filter(isOther), { name: 'model', json: JSON.stringify(model) }],
    default: params.default.filter(isOther),
    drop: params.drop.filter((name) => name !== 'model'),
  };
}

function changeOrNull(change: RequestChange): RequestChange | null {
  const { params, appendToLastUserMessage } = change;
  const parameters = params.set.length + params.default.length + params.drop.length;
  return parameters === 0 && appendToLastUserMessage === null ? null : change;
}
