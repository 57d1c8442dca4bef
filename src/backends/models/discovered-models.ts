import { HttpService } from '@nestjs/axios';
import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { ConfigStore } from '../../config/config-store.js';
import { type BackendConfig } from '../../config/typed/backend-config.js';
import { type SluiceConfig } from '../../config/typed/sluice-config.js';
import { type LowerCaseHeaders } from '../control-request.js';
import { Rounds } from '../rounds.js';
import { askForModels, hasOwnCredentials, type ListedModel } from './model-listing.js';

/** Who asks for the list of models. */
export interface ListReader {
  /** What it sent to be known by; null when that was nothing. */
  readonly credentials: LowerCaseHeaders | null;
  /** Aborts when it goes away. */
  readonly signal: AbortSignal;
}

/** Whether Sluice answers for the list itself, so that it must know what each backend lists. */
export function isListMerged({ backends, fallbackBackends, models }: SluiceConfig): boolean {
  return backends.length + fallbackBackends.length > 1 || models.length > 0;
}

/** Asks the backends in the background which models they have, at the rhythm of their probes. */
@Injectable()
export class DiscoveredModels implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** What each lists; one that does not answer keeps what it listed before. */
  readonly #listed = new WeakMap<BackendConfig, readonly ListedModel[]>();
  /** Those that want a key and have none in the configuration. */
  readonly #refusing = new WeakSet<BackendConfig>();
  readonly #firstRounds = new WeakMap<BackendConfig, Promise<void>>();
  readonly #rounds: Rounds;

  constructor(
    private readonly config: ConfigStore,
    private readonly http: HttpService,
  ) {
    this.#rounds = new Rounds((backend, signal) => this.#round(backend, signal));
    config.onSwap(() => {
      this.#rounds.follow(this.#asked());
    });
  }

  /**
   * The models a backend lists to a reader, in its order: what it listed last; before its first answer
   * this waits for it. One that lists nothing without a key is asked with the reader's, for this
   * reader alone, as its other requests are sent with that key.
   *
   * @returns none when it has not answered.
   */
  async of(backend: BackendConfig, reader: ListReader): Promise<readonly ListedModel[]> {
    await this.#firstRounds.get(backend);
    const { credentials, signal } = reader;
    if (credentials !== null && this.#refusing.has(backend)) {
      const listing = await askForModels(this.http, backend, { credentials, signal });
      if (listing.kind === 'listed') return listing.models;
    }
    return this.#listed.get(backend) ?? [];
  }

  onApplicationBootstrap(): void {
    this.#rounds.start(this.#asked());
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#rounds.stop();
  }

  #asked(): readonly BackendConfig[] {
    const { current } = this.config;
    return isListMerged(current) ? [...current.backends, ...current.fallbackBackends] : [];
  }

  #round(backend: BackendConfig, signal: AbortSignal): Promise<void> {
    const round = this.#ask(backend, signal);
    if (!this.#firstRounds.has(backend)) this.#firstRounds.set(backend, round);
    return round;
  }

  async #ask(backend: BackendConfig, signal: AbortSignal): Promise<void> {
    const listing = await askForModels(this.http, backend, { signal });
    // One that does not answer keeps what it listed before.
    if (signal.aborted || listing.kind === 'silent') return;
    if (listing.kind === 'listed') {
      this.#listed.set(backend, listing.models);
      this.#refusing.delete(backend);
    } else if (!hasOwnCredentials(backend)) this.#refusing.add(backend);
  }
}
