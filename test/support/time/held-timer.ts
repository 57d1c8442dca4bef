import { afterEach, jest } from '@jest/globals';
import { deferred } from './deferred.js';

/** A wait of the code under test that ends when the test says so, not when its time is over. */
export interface HeldTimer {
  /** Resolves when the code under test has begun to wait. */
  readonly armed: Promise<void>;
  /** Ends the wait as if its time were over. To be called while the code under test waits. */
  fire(): void;
}

/**
 * Call at the top of a suite. What it gives back takes `setTimeout` of one delay into the test's
 * hand; choose a delay, in milliseconds, that nothing else uses. All other timers stay real, and
 * when the test ends so does this one.
 */
export function useHeldTimers(): (delayMs: number) => HeldTimer {
  afterEach(() => {
    jest.restoreAllMocks();
  });
  return (heldMs) => {
    const armed = deferred();
    const fired = deferred();
    const startTimer = globalThis.setTimeout;
    const start = (
      callback: (...given: unknown[]) => void,
      delayMs?: number,
      ...rest: unknown[]
    ) => {
      const timer = startTimer(callback, delayMs, ...rest);
      if (delayMs !== heldMs) return timer;
      armed.resolve();
      void fired.promise.then(() => {
        clearTimeout(timer);
        callback(...rest);
      });
      return timer;
    };
    jest.spyOn(globalThis, 'setTimeout').mockImplementation(start);
    return { armed: armed.promise, fire: fired.resolve };
  };
}
