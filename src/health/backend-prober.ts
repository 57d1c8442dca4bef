import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { BackendRegistry } from '../backends/backend-registry.js';
import { Rounds } from '../backends/rounds.js';
import { ConfigStore } from '../config/config-store.js';
import { UNKNOWN, type BackendHealth } from './backend-health.js';
import { BackendProbe } from './backend-probe.js';

/**
 * Probes every backend from the start on, again and again, each at its own interval after the
 * probe before has come back. Whoever asks for the results gets the latest at once.
 */
@Injectable()
export class BackendProber implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger('Health');
  readonly #latest = new Map<string, BackendHealth>();
  readonly #rounds: Rounds;

  constructor(
    config: ConfigStore,
    private readonly registry: BackendRegistry,
    private readonly probe: BackendProbe,
  ) {
    this.#rounds = new Rounds(async (backend, signal) => {
      const health = await this.probe.ask(backend, signal);
      if (!signal.aborted) this.#note(backend.name, health);
    });
    this.#list();
    config.onSwap(() => {
      this.#list();
      this.#rounds.follow(registry.backends);
    });
  }

  /** By name; every configured backend. */
  get latest(): ReadonlyMap<string, BackendHealth> {
    return this.#latest;
  }

  onApplicationBootstrap(): void {
    this.#rounds.start(this.registry.backends);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#rounds.stop();
  }

  /** In the order of the configuration; what was found stays until the next probe. */
  #list(): void {
    const known = new Map(this.#latest);
    this.#latest.clear();
    for (const { name } of this.registry.backends) {
      const health = this.registry.status(name) === 'unknown' ? UNKNOWN : known.get(name);
      this.#latest.set(name, health ?? UNKNOWN);
    }
  }

  #note(name: string, health: BackendHealth): void {
    const before = this.#latest.get(name) ?? UNKNOWN;
    this.#latest.set(name, health);
    this.registry.setStatus(name, health.status);
    if (before.status === health.status) return;
    if (health.status === 'down') {
      this.#logger.warn({ msg: 'backend is down', backend: name, error: health.lastError });
    } else if (before.status === 'down') {
      this.#logger.log({ msg: 'backend is up again', backend: name });
    }
  }
}
