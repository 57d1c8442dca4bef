/** Lets one who has nothing to do sleep until there is something. */
export class WakeUp {
  #wake: (() => void) | null = null;

  /** Wakes whoever sleeps; without a sleeper it has no effect, now or later. */
  ring(): void {
    this.#wake?.();
  }

  /** Resolves when it rings, or when the signal aborts. */
  sleep(stop: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#wake = null;
        stop.removeEventListener('abort', done);
        resolve();
      };
      this.#wake = done;
      stop.addEventListener('abort', done);
    });
  }
}
