import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { BackendRegistry } from '../backends/backend-registry.js';
import { Rounds } from '../backends/rounds.js';
import { type ProbeFinding } from '../backends/state/backend-health.js';
import { ConfigStore } from '../config/config-store.js';
import { BackendProbe } from './backend-probe.js';

/**
 * Probes every backend from the start on, again and again, each at its own interval after the
 * probe before has come back. The registry has the latest result of each.
 */
@Injectable()
export class BackendProber implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger('Health');
  readonly #rounds: Rounds;

  constructor(
    config: ConfigStore,
    private readonly registry: BackendRegistry,
    private readonly probe: BackendProbe,
  ) {
    this.#rounds = new Rounds(async (backend, signal) => {
      const finding = await this.probe.ask(backend, signal);
      if (finding !== null && !signal.aborted) this.#note(backend.name, finding);
    });
    config.onSwap(() => {
      this.#rounds.follow(registry.backends);
    });
  }

  onApplicationBootstrap(): void {
    this.#rounds.start(this.registry.backends);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#rounds.stop();
  }

  #note(name: string, finding: ProbeFinding): void {
    const before = this.registry.healthOf(name);
    this.registry.probed(name, finding);
    if (before.status === finding.status) return;
    if (finding.status === 'down') {
      this.#logger.warn({ msg: 'backend is down', backend: name, error: finding.lastError });
    } else if (before.status === 'down') {
      this.#logger.log({ msg: 'backend is up again', backend: name });
    }
  }
}
