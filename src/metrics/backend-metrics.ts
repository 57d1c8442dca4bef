import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge, type Registry } from 'prom-client';
import { BackendRegistry } from '../backends/backend-registry.js';
import { Retries } from '../backends/retrying/retries.js';
import { type BreakerState } from '../backends/state/circuit-breaker.js';
import { WaitingRoom } from '../backends/waiting/waiting-room.js';
import { Clock } from '../exchange/timing/clock.js';
import { REGISTRY } from './registry.js';

const BREAKER_STATES: readonly BreakerState[] = ['closed', 'half-open', 'open'];

/** How the backends are used: all read at the moment of the question, so that requests pay nothing. */
@Injectable()
export class BackendMetrics {
  readonly #registers: Registry[];

  constructor(
    @Inject(REGISTRY) registry: Registry,
    private readonly backends: BackendRegistry,
    private readonly retries: Retries,
    private readonly room: WaitingRoom,
    private readonly clock: Clock,
  ) {
    this.#registers = [registry];
    this.#registerRetries();
    this.#registerBreakers();
    this.#registerEjections();
    this.#registerQueue();
  }

  #registerRetries(): void {
    const { retries } = this;
    new Counter({
      name: 'sluice_retries_total',
      help: 'Requests sent once more, by the backend that failed and how it did.',
      labelNames: ['backend', 'reason'],
      registers: this.#registers,
      collect() {
        this.reset();
        for (const { backend, reason, count } of retries.counts)
          this.inc({ backend, reason }, count);
      },
    });
  }

  #registerBreakers(): void {
    const { backends, clock } = this;
    new Gauge({
      name: 'sluice_breaker_state',
      help: '0 when the breaker of the backend is closed, 1 half-open, 2 open.',
      labelNames: ['backend'],
      registers: this.#registers,
      collect() {
        this.reset();
        const nowMs = clock.monotonicMs();
        for (const [backend, state] of backends.states) {
          this.set({ backend }, BREAKER_STATES.indexOf(state.stateAt(nowMs)));
        }
      },
    });
  }

  #registerEjections(): void {
    const { backends } = this;
    new Counter({
      name: 'sluice_ejections_total',
      help: 'How often failing requests have had the backend ejected.',
      labelNames: ['backend'],
      registers: this.#registers,
      collect() {
        this.reset();
        for (const [backend, { ejections }] of backends.states) this.inc({ backend }, ejections);
      },
    });
  }

  #registerQueue(): void {
    const { room } = this;
    new Gauge({
      name: 'sluice_queue_waiting',
      help: 'Requests that wait for a backend with room.',
      registers: this.#registers,
      collect() {
        this.set(room.length);
      },
    });
  }
}
