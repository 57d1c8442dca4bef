import { HttpService } from '@nestjs/axios';
import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { lastValueFrom } from 'rxjs';
import { ConfigStore } from '../config/config-store.js';
import { type BackendConfig, type SluiceConfig } from '../config/sluice-config.js';
import { type ListedModel, listedModels } from './listed-models.js';
import { Rounds } from './rounds.js';

/** Some thousand models with all that is said of them. */
const MAX_BYTES = 4_194_304;
const MAX_TIMEOUT_MS = 5000;

/** By which a server tells discovery from its clients' requests. */
export const DISCOVERY_AGENT = 'sluice-discovery';

/** Whether Sluice answers for the list itself, so that it must know what each backend lists. */
export function isListMerged({ backends, fallbackBackends, models }: SluiceConfig): boolean {
  return backends.length + fallbackBackends.length > 1 || models.length > 0;
}

/** Asks the backends in the background which models they have, at the rhythm of their probes. */
@Injectable()
export class DiscoveredModels implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** What each lists; one that does not answer keeps what it listed before. */
  readonly #listed = new WeakMap<BackendConfig, readonly ListedModel[]>();
  readonly #rounds: Rounds;

  constructor(
    private readonly config: ConfigStore,
    private readonly http: HttpService,
  ) {
    this.#rounds = new Rounds((backend, signal) => this.#ask(backend, signal));
    config.onSwap(() => {
      this.#rounds.follow(this.#asked());
    });
  }

  /** The models a backend listed last, in its order; empty when it was not asked or has not answered. */
  of(backend: BackendConfig): readonly ListedModel[] {
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

  async #ask(backend: BackendConfig, signal: AbortSignal): Promise<void> {
    const { origin, basePath, ca, health } = backend;
    const timeoutMs = Math.min(health.intervalMs, MAX_TIMEOUT_MS);
    const answer = this.http.get<unknown>(`${origin}${basePath}/models`, {
      headers: headersOf(backend),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      maxContentLength: MAX_BYTES,
      // The data path goes neither through a proxy nor after a redirect, so neither does this.
      maxRedirects: 0,
      proxy: false,
      httpAgent: new HttpAgent({ keepAlive: false }),
      httpsAgent: new HttpsAgent({ keepAlive: false, ...(ca === null ? {} : { ca }) }),
      responseType: 'json',
    });
    try {
      const { data } = await lastValueFrom(answer);
      const listed = listedModels(data);
      if (listed !== null && !signal.aborted) this.#listed.set(backend, listed);
    } catch {
      // Whether it answers is for the prober to say; what it listed before is as good as ever.
    }
  }
}

function headersOf({ apiKey, headers }: BackendConfig): Record<string, string> {
  return {
    accept: 'application/json',
    'user-agent': DISCOVERY_AGENT,
    ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey.reveal()}` }),
    ...Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value.reveal()])),
  };
}
