import { afterAll, jest } from '@jest/globals';

/**
 * Call at the top of a suite. What it gives back lets so many milliseconds pass at once, for clocks
 * and for the timeouts of exchanges, which compare clocks: those that are due fire at their next
 * tick, in the order in which they began. So limits can be long, and a busy machine runs into none.
 */
export function useTimeLeaps(): (byMs: number) => void {
  let leaptMs = 0;
  const nowMs = performance.now.bind(performance);
  jest.spyOn(performance, 'now').mockImplementation(() => nowMs() + leaptMs);
  afterAll(() => {
    jest.restoreAllMocks();
  });
  return (byMs) => {
    leaptMs += byMs;
  };
}
