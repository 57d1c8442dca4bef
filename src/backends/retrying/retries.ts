import { Injectable } from '@nestjs/common';
import { ConfigStore } from '../../config/config-store.js';
import { Clock } from '../../exchange/timing/clock.js';
import { RetryBudget } from './retry-budget.js';
import {
  decideRetry,
  type AttemptEnd,
  type RetryDecision,
  type RetryQuestion,
} from './retry-decision.js';

/** What is known of an attempt that failed, but for what all requests share. */
export interface RetryRequest extends Omit<RetryQuestion, 'maxRepeats' | 'hasBudget'> {
  /** Name of the backend that failed. */
  readonly backend: string;
}

/** How many requests were sent once more because a backend failed that way. */
export interface RetryCount {
  readonly backend: string;
  /** A status or the kind of a failure. */
  readonly reason: string;
  count: number;
}

/** Decides whether requests are sent once more, within the budget that all of them share. */
@Injectable()
export class Retries {
  // Backends of all configurations times a dozen reasons.
  readonly #counts = new Map<string, RetryCount>();
  #budget: RetryBudget;

  constructor(
    private readonly store: ConfigStore,
    private readonly clock: Clock,
  ) {
    this.#budget = new RetryBudget(store.current.settings.retries.budget);
    store.onSwap(({ settings: { retries } }, { settings: { retries: before } }) => {
      if (retries.budget !== before.budget) this.#budget = new RetryBudget(retries.budget);
    });
  }

  get counts(): Iterable<RetryCount> {
    return this.#counts.values();
  }

  /** A client's request is carried, however many attempts it takes. */
  noteRequest(): void {
    this.#budget.noteRequest(this.clock.monotonicMs());
  }

  /** Whether a request is sent once more; if so, the budget has paid for it. */
  decide(request: RetryRequest): RetryDecision {
    const nowMs = this.clock.monotonicMs();
    const { maxRepeats } = this.store.current.settings.retries;
    const hasBudget = this.#budget.allowsAt(nowMs);
    const decision = decideRetry({ ...request, maxRepeats, hasBudget }, Math.random);
    if (decision.kind === 'retry') {
      this.#budget.noteRetry(nowMs);
      this.#count(request.backend, reasonOf(request.end));
    }
    return decision;
  }

  #count(backend: string, reason: string): void {
    const key = `${reason} ${backend}`;
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { backend, reason, count: 1 });
    else known.count += 1;
  }
}

function reasonOf(end: AttemptEnd): string {
  switch (end.kind) {
    case 'status':
      return `${end.status}`;
    case 'failure':
      return end.failure.kind;
    default: {
      const exhaustiveCheck: never = end;
      return exhaustiveCheck;
    }
  }
}
