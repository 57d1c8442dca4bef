import { type Random } from '../../src/exchange/timing/random.js';

export interface ServerBehaviour {
  /** Requests it works on at once; more wait their turn. */
  readonly slots: number;
  /** How long it works on one. */
  readonly serviceMs: (random: Random) => number;
  /** What it answers to a request that arrives then. */
  readonly statusAt: (nowMs: number) => number;
}

export interface VirtualAnswer {
  readonly status: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** A model server in virtual time: what a request meets there is known when it arrives. */
export class VirtualServer {
  /** When each slot is done with what it has. */
  readonly #freeAtMs: number[];

  constructor(
    private readonly behaviour: ServerBehaviour,
    private readonly random: Random,
  ) {
    this.#freeAtMs = Array.from({ length: behaviour.slots }, () => 0);
  }

  answer(nowMs: number): VirtualAnswer {
    const { serviceMs, statusAt } = this.behaviour;
    const status = statusAt(nowMs);
    if (status !== 200) return { status, startMs: nowMs, endMs: nowMs + 1 };
    const slot = this.#freeAtMs.indexOf(Math.min(...this.#freeAtMs));
    const startMs = Math.max(nowMs, this.#freeAtMs[slot] ?? 0);
    const endMs = startMs + serviceMs(this.random);
    this.#freeAtMs[slot] = endMs;
    return { status, startMs, endMs };
  }
}
