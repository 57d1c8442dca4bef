import { setTimeout } from 'node:timers/promises';
import { type BackendConfig } from '../config/typed/backend-config.js';

/** What is done in each round; ends early when the signal aborts, and never rejects. */
export type Round = (backend: BackendConfig, signal: AbortSignal) => Promise<void>;

interface Running {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/**
 * Does something with every backend again and again, at the interval of its health probe after the
 * round before has ended, for as long as the backend is configured.
 */
export class Rounds {
  /** By the very configuration: one that changed begins anew. */
  readonly #running = new Map<BackendConfig, Running>();
  #isStarted = false;

  constructor(private readonly round: Round) {}

  /** Begins, with a first round for each at once. */
  start(backends: readonly BackendConfig[]): void {
    this.#isStarted = true;
    this.follow(backends);
  }

  /** From now on these are the backends; nothing happens before the start. */
  follow(backends: readonly BackendConfig[]): void {
    if (!this.#isStarted) return;
    for (const [backend, { stop }] of this.#running) {
      if (backends.includes(backend)) continue;
      stop.abort();
      this.#running.delete(backend);
    }
    for (const backend of backends) {
      if (this.#running.has(backend)) continue;
      const stop = new AbortController();
      this.#running.set(backend, { stop, ended: this.#repeat(backend, stop.signal) });
    }
  }

  /** Resolves when nothing runs any more. */
  async stop(): Promise<void> {
    this.#isStarted = false;
    const running = [...this.#running.values()];
    this.#running.clear();
    for (const { stop } of running) stop.abort();
    await Promise.all(running.map(({ ended }) => ended));
  }

  async #repeat(backend: BackendConfig, signal: AbortSignal): Promise<void> {
    do {
      await this.round(backend, signal);
      await pause(backend.health.intervalMs, signal);
    } while (!signal.aborted);
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
