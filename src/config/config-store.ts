import { type SluiceConfig } from './typed/sluice-config.js';

/** Called after a swap, with what is in force and what was before. */
export type ConfigListener = (current: SluiceConfig, previous: SluiceConfig) => void;

/**
 * Holds the configuration that is in force. Who reads it for each request follows every change; who
 * keeps something made from it listens. A request keeps what it has read.
 */
export class ConfigStore {
  #current: SluiceConfig;
  /** As many as there are modules that listen; they live as long as the application. */
  readonly #listeners: ConfigListener[] = [];

  constructor(config: SluiceConfig) {
    this.#current = config;
  }

  get current(): SluiceConfig {
    return this.#current;
  }

  /** Puts the next configuration in force, then tells everyone, in the order in which they came. */
  swap(next: SluiceConfig): void {
    const previous = this.#current;
    if (next === previous) return;
    this.#current = next;
    for (const listener of this.#listeners) listener(next, previous);
  }

  onSwap(listener: ConfigListener): void {
    this.#listeners.push(listener);
  }
}
