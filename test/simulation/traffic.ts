import { BackendState } from '../../src/backends/state/backend-state.js';
import { type BackendUse } from '../../src/backends/state/backend-use.js';
import { type Random } from '../../src/exchange/timing/random.js';
import { seededRandom } from '../support/seeded-random.js';
import { exponential } from './durations.js';
import { type ServerBehaviour, VirtualServer } from './virtual-server.js';

export interface SimulatedBackend extends ServerBehaviour {
  readonly weight: number;
}

/** Chooses the backend of the next request; null sends it nowhere. */
export type Chooser = (states: readonly BackendState[], nowMs: number) => BackendState | null;

export interface TrafficOptions {
  readonly backends: readonly SimulatedBackend[];
  readonly requests: number;
  /** Mean time between two arrivals. */
  readonly everyMs: number;
  readonly chooser: (random: Random) => Chooser;
  readonly seed: number;
  /** Called before each request. */
  readonly watch?: (states: readonly BackendState[], nowMs: number) => void;
}

export interface TrafficResult {
  /** Requests that went to each backend. */
  readonly counts: readonly number[];
  /** Of the requests that were served, in ascending order: how long each waited for a slot. */
  readonly waitsMs: readonly number[];
  readonly latenciesMs: readonly number[];
  readonly failed: number;
}

interface Running {
  readonly use: BackendUse;
  readonly status: number;
  readonly endMs: number;
}

/** Sends requests to virtual servers by a chooser; the same seed gives the same result. */
export function simulate(options: TrafficOptions): TrafficResult {
  const arrivals = seededRandom(options.seed);
  const work = seededRandom(options.seed + 1);
  const choose = options.chooser(seededRandom(options.seed + 2));
  const servers = options.backends.map((backend) => new VirtualServer(backend, work));
  const states = options.backends.map(
    ({ weight }, at) => new BackendState(`backend-${at}`, { weight, maxInFlight: 0 }),
  );
  const running: Running[] = [];
  const counts = states.map(() => 0);
  const waitsMs: number[] = [];
  const latenciesMs: number[] = [];
  let failed = 0;
  let nowMs = 0;
  for (let sent = 0; sent < options.requests; sent++) {
    nowMs += exponential(options.everyMs, arrivals);
    finishUntil(running, nowMs);
    options.watch?.(states, nowMs);
    const state = choose(states, nowMs);
    const at = state === null ? -1 : states.indexOf(state);
    const answer = servers[at]?.answer(nowMs);
    if (state === null || answer === undefined) {
      failed++;
      continue;
    }
    counts[at] = (counts[at] ?? 0) + 1;
    insertByEnd(running, { ...answer, use: state.begin(nowMs) });
    if (answer.status === 200) {
      waitsMs.push(answer.startMs - nowMs);
      latenciesMs.push(answer.endMs - nowMs);
    } else {
      failed++;
    }
  }
  return {
    counts,
    waitsMs: waitsMs.sort(ascending),
    latenciesMs: latenciesMs.sort(ascending),
    failed,
  };
}

/** The value that 99 of 100 do not exceed. */
export function p99(sorted: readonly number[]): number {
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN;
}

/** Each in turn, whatever its state. */
export function roundRobin(): Chooser {
  let next = 0;
  return (states) => states[next++ % states.length] ?? null;
}

/** Ends what ends by then, in order. */
function finishUntil(running: Running[], nowMs: number): void {
  let done = 0;
  for (const { use, status, endMs } of running) {
    if (endMs > nowMs) break;
    use.answered(status, null, endMs);
    use.end();
    done++;
  }
  running.splice(0, done);
}

function insertByEnd(running: Running[], request: Running): void {
  let low = 0;
  let high = running.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((running[middle]?.endMs ?? Infinity) <= request.endMs) low = middle + 1;
    else high = middle;
  }
  running.splice(low, 0, request);
}

function ascending(one: number, other: number): number {
  return one - other;
}
