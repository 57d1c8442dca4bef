import { beforeEach, describe, expect, it } from '@jest/globals';
import { BackendState } from './backend-state.js';

const DOWN = { status: 'down', latencyMs: 1, lastError: 'refused' } as const;

const REFUSED = {
  kind: 'refused',
  phase: null,
  wasSent: false,
  wasStale: false,
  hasHead: false,
} as const;

describe('BackendState', () => {
  let state: BackendState;

  beforeEach(() => {
    state = new BackendState('local', { weight: 2, maxInFlight: 2 });
  });

  function exchange(status: number, retryAfterMs: number | null, nowMs: number): void {
    const use = state.begin(nowMs);
    use.answered(status, retryAfterMs, nowMs);
    use.end();
  }

  function refuse(times: number, nowMs: number): void {
    for (let time = 0; time < times; time++) {
      const use = state.begin(nowMs);
      use.failed(REFUSED, nowMs);
      use.end();
    }
  }

  it('counts what is running until it ends, each once', () => {
    const [one, other] = [state.begin(0), state.begin(0)];
    expect([state.inFlight, state.isFull]).toEqual([2, true]);
    one.end();
    one.end();
    expect([state.inFlight, state.isFull]).toEqual([1, false]);
    other.end();
    expect(state.inFlight).toBe(0);
  });

  it('is never full without a limit', () => {
    state.share = { weight: 1, maxInFlight: 0 };
    for (let time = 0; time < 1000; time++) state.begin(0);
    expect(state.isFull).toBe(false);
  });

  it('counts a failure as load for a while', () => {
    refuse(1, 0);
    expect([state.inFlight, state.loadAt(0), state.loadAt(10_000)]).toEqual([0, 3, 1.5]);
  });

  it('counts what it served for a while', () => {
    exchange(200, null, 0);
    expect([state.servedAt(0), state.servedAt(60_000)]).toEqual([1, 0.5]);
  });

  it('is ejected after five failures, of connections and of statuses', () => {
    refuse(2, 0);
    for (const status of [500, 502]) exchange(status, null, 0);
    expect(state.admitsAt(0)).toBe(true);
    exchange(503, null, 0);
    expect([state.admitsAt(0), state.stateAt(0), state.isDown]).toEqual([false, 'open', false]);
  });

  it('comes back with a clean slate and a tenth of its weight', () => {
    refuse(5, 0);
    expect([state.loadAt(5000), state.servedAt(5000), state.weightAt(5000)]).toEqual([0, 0, 0.2]);
    exchange(200, null, 5000);
    expect(state.servedAt(5000)).toBe(0);
    expect([state.weightAt(5000), state.weightAt(20_000), state.weightAt(35_000)]).toEqual([
      0.2,
      expect.closeTo(1.1),
      2,
    ]);
  });

  it('is not kept from its trial by requests that failed after it was ejected', () => {
    const running = Array.from({ length: 50 }, () => state.begin(0));
    refuse(5, 0);
    for (const use of running) {
      use.failed({ ...REFUSED, kind: 'closed', wasSent: true }, 1000);
      use.end();
    }
    expect(state.loadAt(1000)).toBeGreaterThan(100);
    expect(state.loadAt(5000)).toBe(0);
    exchange(200, null, 5000);
    expect(state.loadAt(5000)).toBe(0);
  });

  it('takes no harm from clients that leave', () => {
    for (let time = 0; time < 100; time++) state.begin(0).end();
    expect([state.admitsAt(0), state.loadAt(0)]).toEqual([true, 0]);
  });

  it('frees the half-open place of a client that leaves', () => {
    refuse(5, 0);
    for (let time = 0; time < 10; time++) {
      expect(state.admitsAt(5000)).toBe(true);
      state.begin(5000).end();
    }
  });

  it('is less attractive for each 429, but never ejected for it', () => {
    for (let time = 0; time < 100; time++) exchange(429, null, 0);
    expect([state.admitsAt(0), state.loadAt(0)]).toEqual([true, 300]);
  });

  it.each([429, 503])('is held back for as long as a %i asks, at most a minute', (status) => {
    exchange(status, 2000, 0);
    expect([state.isHeldAt(0), state.isHeldAt(1999), state.isHeldAt(2000)]).toEqual([
      true,
      true,
      false,
    ]);
    exchange(status, 3_600_000, 5000);
    exchange(status, 1000, 6000);
    expect([state.isHeldAt(64_999), state.isHeldAt(65_000)]).toEqual([true, false]);
  });

  it('is not held back by what other statuses ask', () => {
    exchange(200, 5000, 0);
    exchange(404, 5000, 0);
    exchange(503, null, 0);
    expect(state.isHeldAt(0)).toBe(false);
  });

  it('is down from the second probe in a row that found it so until one finds it up', () => {
    state.probed(DOWN, 0);
    expect([state.isDown, state.admitsAt(0)]).toEqual([false, true]);
    state.probed(DOWN, 0);
    expect([state.isDown, state.admitsAt(0)]).toEqual([true, false]);
    state.probed({ status: 'up', latencyMs: 1 }, 1000);
    expect([state.isDown, state.stateAt(1000), state.weightAt(1000)]).toEqual([
      false,
      'half-open',
      0.2,
    ]);
  });
});
