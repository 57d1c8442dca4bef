import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CoarseTimeout, TICK_MS } from './coarse-timeout.js';

describe('CoarseTimeout', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.advanceTimersByTime(2 * TICK_MS);
    jest.useRealTimers();
  });

  it('fires once, no sooner than its delay and at most a tick later', () => {
    const fired = jest.fn();
    new CoarseTimeout(100, fired);
    jest.advanceTimersByTime(99);
    expect(fired).not.toHaveBeenCalled();
    jest.advanceTimersByTime(TICK_MS);
    expect(fired).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(1_000);
    expect(fired).toHaveBeenCalledTimes(1);
  });

  it('begins anew when it is refreshed', () => {
    const fired = jest.fn();
    const timeout = new CoarseTimeout(100, fired);
    jest.advanceTimersByTime(80);
    timeout.refresh();
    jest.advanceTimersByTime(99);
    expect(fired).not.toHaveBeenCalled();
    timeout.stop();
  });

  it('does not fire once it is stopped', () => {
    const fired = jest.fn();
    new CoarseTimeout(100, fired).stop();
    jest.advanceTimersByTime(1_000);
    expect(fired).not.toHaveBeenCalled();
  });

  it('leaves no timer behind when none runs', () => {
    new CoarseTimeout(100, () => undefined).stop();
    jest.advanceTimersByTime(2 * TICK_MS);
    expect(jest.getTimerCount()).toBe(0);
  });
});
