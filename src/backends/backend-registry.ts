import { Injectable } from '@nestjs/common';
import { ConfigStore } from '../config/config-store.js';
import { type BackendConfig } from '../config/typed/backend-config.js';
import { type SluiceConfig } from '../config/typed/sluice-config.js';
import { Clock } from '../exchange/timing/clock.js';
import { type RouteQuery, RoutingTable } from './routing-table.js';
import { type Serving } from './serving.js';
import { type BackendHealth, type ProbeFinding, UNKNOWN } from './state/backend-health.js';
import { type BackendShare, BackendState } from './state/backend-state.js';

/** Knows the backends, which of them can serve a request, and how each of them is. */
@Injectable()
export class BackendRegistry {
  #states: ReadonlyMap<string, BackendState> = new Map();
  #backends: readonly BackendConfig[] = [];
  #table: RoutingTable;

  constructor(
    store: ConfigStore,
    private readonly clock: Clock,
  ) {
    this.#table = this.#tableOf(store.current);
    store.onSwap((config) => {
      this.#table = this.#tableOf(config);
    });
  }

  /** In the order of the configuration, fallbacks last; never empty. */
  get backends(): readonly BackendConfig[] {
    return this.#backends;
  }

  /** By the backend's name; one that stays through a reload keeps its own. */
  get states(): ReadonlyMap<string, BackendState> {
    return this.#states;
  }

  /** Whether the JSON of a request decides or is changed, so that requests must be read. */
  get dependsOnJson(): boolean {
    return this.#table.dependsOnJson;
  }

  /** What the latest probe of a backend found. */
  healthOf(name: string): BackendHealth {
    return this.#states.get(name)?.health ?? UNKNOWN;
  }

  /** A probe came back. */
  probed(name: string, finding: ProbeFinding): void {
    this.#states.get(name)?.probed(finding, this.clock.monotonicMs());
  }

  /**
   * Who serves a request, as things are configured now.
   *
   * @throws ExchangeError `model_not_found` naming what is served; `missing_field` when a model is
   * required and nobody names one.
   */
  serving(query: RouteQuery): Serving {
    return this.#table.serving(query);
  }

  #tableOf(config: SluiceConfig): RoutingTable {
    const before = this.#backends;
    this.#backends = [...config.backends, ...config.fallbackBackends];
    const states = new Map(
      this.#backends.map((backend) => {
        const known = before.find(({ name }) => name === backend.name);
        return [backend.name, this.#stateOf(backend, known)];
      }),
    );
    this.#states = states;
    return new RoutingTable(config, ({ name }) => {
      const state = states.get(name);
      if (state === undefined) throw new Error(`backend ${name} has no state`);
      return state;
    });
  }

  // What is known of a server says nothing of another one under its name.
  #stateOf(backend: BackendConfig, known: BackendConfig | undefined): BackendState {
    const { name, weight, maxInFlight, origin } = backend;
    const share: BackendShare = { weight, maxInFlight };
    const kept = known?.origin === origin ? this.#states.get(name) : undefined;
    const state = kept ?? new BackendState(name, share);
    state.share = share;
    return state;
  }
}
