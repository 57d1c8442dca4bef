import { type Clock } from '../../exchange/timing/clock.js';

/** Names come from the configuration, or from clients: beyond that the oldest is forgotten. */
const MAX_NAMES = 1_024;

/** Names that are known for a while. */
export class Remembered {
  /** By name: until when. */
  readonly #until = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    private readonly forMs: number,
  ) {}

  note(name: string): void {
    // Behind all others, so that they stand in the order in which they were noted.
    this.#until.delete(name);
    if (this.#until.size >= MAX_NAMES) this.#dropOldest();
    this.#until.set(name, this.clock.monotonicMs() + this.forMs);
  }

  has(name: string): boolean {
    const until = this.#until.get(name);
    if (until === undefined) return false;
    if (this.clock.monotonicMs() < until) return true;
    this.#until.delete(name);
    return false;
  }

  get isEmpty(): boolean {
    return this.#until.size === 0;
  }

  clear(): void {
    this.#until.clear();
  }

  #dropOldest(): void {
    const [oldest] = this.#until.keys();
    if (oldest !== undefined) this.#until.delete(oldest);
  }
}
