/** The bounds of a queue; with either at 0 there is none. */
export interface WaitingQueueOptions {
  /** Most that wait at once; 0: nobody waits. */
  readonly max: number;
  /** Longest wait; 0: nobody waits. */
  readonly timeoutMs: number;
}

/** A place in a {@link WaitingQueue}. */
export interface Waiter<T> {
  readonly value: T;
  readonly deadlineMs: number;
}

/**
 * Who waits for a backend with room, first come first served. Holds no timer: whoever owns it asks
 * for {@link expired} at {@link nextDeadlineMs}.
 */
export class WaitingQueue<T> {
  /** In order of arrival, which is the order of their deadlines. */
  readonly #waiters = new Set<Waiter<T>>();

  constructor(private readonly options: WaitingQueueOptions) {}

  get length(): number {
    return this.#waiters.size;
  }

  /** When the first of them has waited long enough; null when nobody waits. */
  get nextDeadlineMs(): number | null {
    for (const { deadlineMs } of this.#waiters) return deadlineMs;
    return null;
  }

  /** @returns its place; null when there is none left. */
  join(value: T, nowMs: number): Waiter<T> | null {
    const { max, timeoutMs } = this.options;
    if (timeoutMs === 0 || this.#waiters.size >= max) return null;
    const waiter = { value, deadlineMs: nowMs + timeoutMs };
    this.#waiters.add(waiter);
    return waiter;
  }

  /** Gives up its place, in constant time. @returns whether it still had it. */
  leave(waiter: Waiter<T>): boolean {
    return this.#waiters.delete(waiter);
  }

  /**
   * Takes out the first that `canGo`, past those that wait for other backends. One whose deadline
   * has passed unnoticed still goes.
   *
   * @returns null when there is none.
   */
  next(canGo: (value: T) => boolean): Waiter<T> | null {
    for (const waiter of this.#waiters) {
      if (!canGo(waiter.value)) continue;
      this.#waiters.delete(waiter);
      return waiter;
    }
    return null;
  }

  /** Takes out those whose deadline has come, in order. */
  expired(nowMs: number): Waiter<T>[] {
    const late: Waiter<T>[] = [];
    for (const waiter of this.#waiters) {
      if (waiter.deadlineMs > nowMs) break;
      this.#waiters.delete(waiter);
      late.push(waiter);
    }
    return late;
  }
}
