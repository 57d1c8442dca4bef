import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ConfigStore } from '../../config/config-store.js';
import { Clock } from '../../exchange/timing/clock.js';
import { BackendRegistry } from '../backend-registry.js';
import { type Serving } from '../serving.js';
import { type BackendState } from '../state/backend-state.js';
import { WaitingQueue } from './waiting-queue.js';

/** A request that waits until one of its backends has room. */
export interface WaitingRequest {
  readonly serving: Serving;
  /** The backend it would go to now; null while there is none with room. */
  choose(): BackendState | null;
  /** Sends it there, at once. */
  go(backend: BackendState): void;
  /** It has waited long enough, and is told so. */
  expire(): void;
}

/** Where requests wait while every backend that could serve them is at its `max_in_flight`. */
@Injectable()
export class WaitingRoom implements OnApplicationShutdown {
  readonly #queue: WaitingQueue<WaitingRequest>;
  #timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly store: ConfigStore,
    private readonly registry: BackendRegistry,
    private readonly clock: Clock,
  ) {
    this.#queue = new WaitingQueue({
      get max() {
        return store.current.settings.queue.max;
      },
      get timeoutMs() {
        return store.current.settings.queue.timeoutMs;
      },
    });
    this.#listen();
    store.onSwap(() => {
      this.#listen();
      this.#letGo();
    });
  }

  /** How many wait. */
  get length(): number {
    return this.#queue.length;
  }

  /** @returns gives up its place; null when there is no place, so that it cannot wait. */
  join(request: WaitingRequest): (() => void) | null {
    const waiter = this.#queue.join(request, this.clock.monotonicMs());
    if (waiter === null) return null;
    this.#arm();
    return () => {
      this.#queue.leave(waiter);
    };
  }

  onApplicationShutdown(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #listen(): void {
    for (const state of this.registry.states.values()) state.onRoom = this.#letGo;
  }

  readonly #letGo = (): void => {
    if (this.#queue.length === 0) return;
    // Where one request finds no backend with room, others with the same backends find none either.
    const stuck = new Set<Serving>();
    for (;;) {
      const chosen: BackendState[] = [];
      const next = this.#queue.next((request) => {
        if (stuck.has(request.serving)) return false;
        const backend = request.choose();
        if (backend === null) stuck.add(request.serving);
        else chosen.push(backend);
        return backend !== null;
      });
      const [backend] = chosen;
      if (next === null || backend === undefined) return;
      next.value.go(backend);
    }
  };

  /** One timer, for the first of them. */
  #arm(): void {
    const deadlineMs = this.#queue.nextDeadlineMs;
    if (this.#timer !== null || deadlineMs === null) return;
    const inMs = Math.max(0, Math.ceil(deadlineMs - this.clock.monotonicMs()));
    this.#timer = setTimeout(this.#onDeadline, inMs);
  }

  readonly #onDeadline = (): void => {
    this.#timer = null;
    for (const { value } of this.#queue.expired(this.clock.monotonicMs())) value.expire();
    this.#arm();
  };
}
