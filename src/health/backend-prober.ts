import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { setTimeout } from 'node:timers/promises';
import { BackendRegistry } from '../backends/backend-registry.js';
import { type BackendConfig } from '../config/sluice-config.js';
import { UNKNOWN, type BackendHealth } from './backend-health.js';
import { BackendProbe } from './backend-probe.js';

/**
 * Probes every backend from the start on, again and again, each at its own interval after the
 * probe before has come back. Whoever asks for the results gets the latest at once.
 */
@Injectable()
export class BackendProber implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger('Health');
  readonly #stop = new AbortController();
  readonly #latest: Map<string, BackendHealth>;
  #watching: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly registry: BackendRegistry,
    private readonly probe: BackendProbe,
  ) {
    this.#latest = new Map(registry.backends.map(({ name }) => [name, UNKNOWN]));
  }

  /** By name; every configured backend. */
  get latest(): ReadonlyMap<string, BackendHealth> {
    return this.#latest;
  }

  onApplicationBootstrap(): void {
    this.#watching = Promise.all(this.registry.backends.map((backend) => this.#watch(backend)));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    await this.#watching;
  }

  async #watch(backend: BackendConfig): Promise<void> {
    const { signal } = this.#stop;
    while (this.#isWatching()) {
      const health = await this.probe.ask(backend, signal);
      if (this.#isWatching()) this.#note(backend.name, health);
      await pause(backend.health.intervalMs, signal);
    }
  }

  #isWatching(): boolean {
    return !this.#stop.signal.aborted;
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

/** Resolves after the time, or at once when the signal aborts. Keeps no process alive. */
async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(durationMs, undefined, { signal, ref: false });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
