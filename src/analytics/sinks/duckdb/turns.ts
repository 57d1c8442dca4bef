import { StoreError } from '../../store/store-error.js';

/** Lets some work run at once; the rest waits, first come, first served. */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  readonly #idle: (() => void)[] = [];
  #running = 0;

  constructor(
    private readonly max: number,
    private readonly maxWaiting: number,
  ) {}

  /**
   * Does the work when it is its turn.
   *
   * @throws StoreError `busy` where too much waits already.
   */
  async take<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#running < this.max) this.#running++;
    else await this.#turn();
    try {
      return await work();
    } finally {
      this.#pass();
    }
  }

  /** Resolves when nothing runs and nothing waits. */
  async idle(): Promise<void> {
    if (this.#running === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle.push(resolve);
    });
  }

  async #turn(): Promise<void> {
    if (this.#waiting.length >= this.maxWaiting) {
      throw new StoreError('busy', `${this.maxWaiting} queries wait already`);
    }
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** A turn that ends goes to the next in line; it counts as running all the while. */
  #pass(): void {
    const next = this.#waiting.shift();
    if (next !== undefined) {
      next();
      return;
    }
    this.#running--;
    if (this.#running === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }
}
