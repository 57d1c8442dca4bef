import { Injectable } from '@nestjs/common';
import { ConfigStore } from '../config/config-store.js';
import { Clock } from '../exchange/clock.js';

/** A server may have been updated since: an hour later it is asked again. */
const REMEMBERED_MS = 3_600_000;

/** Names come from the configuration; this bounds them all the same. */
const MAX_BACKENDS = 1_024;

/** Remembers, for an hour or until the configuration changes, which backends refuse to be asked for usage. */
@Injectable()
export class UsageRefusals {
  /** By the name of the backend: until when. */
  readonly #until = new Map<string, number>();

  constructor(
    config: ConfigStore,
    private readonly clock: Clock,
  ) {
    config.onSwap(() => {
      this.#until.clear();
    });
  }

  note(backend: string): void {
    if (this.#until.size >= MAX_BACKENDS) this.#until.clear();
    this.#until.set(backend, this.clock.monotonicMs() + REMEMBERED_MS);
  }

  has(backend: string): boolean {
    if (this.#until.size === 0) return false;
    const until = this.#until.get(backend);
    if (until === undefined) return false;
    if (this.clock.monotonicMs() < until) return true;
    this.#until.delete(backend);
    return false;
  }
}
