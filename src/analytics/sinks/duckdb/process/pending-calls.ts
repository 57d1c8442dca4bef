import { StoreError } from '../../../store/store-error.js';
import { type NumberedAnswer } from './duckdb-call.js';

interface PendingCall {
  readonly succeed: (rows: string | null) => void;
  readonly fail: (error: StoreError) => void;
}

/** Calls that wait for their answer, each for so long and no longer. */
export class PendingCalls {
  readonly #pending = new Map<number, PendingCall>();
  #lastNumber = 0;

  get size(): number {
    return this.#pending.size;
  }

  /** @returns the number that the answer will bear, and what resolves with its rows. */
  add(boundMs: number): { readonly number: number; readonly answered: Promise<string | null> } {
    const number = ++this.#lastNumber;
    const { promise, resolve, reject } = Promise.withResolvers<string | null>();
    const timer = setTimeout(() => {
      this.fail(number, new StoreError('timed-out', `took more than ${boundMs} ms`));
    }, boundMs);
    const answered = promise.finally(() => {
      clearTimeout(timer);
    });
    this.#pending.set(number, { succeed: resolve, fail: reject });
    return { number, answered };
  }

  /** Ignores the answer to a call that waits no more. */
  settle({ number, answer }: NumberedAnswer): void {
    switch (answer.is) {
      case 'done':
        this.#take(number)?.succeed(null);
        return;
      case 'rows':
        this.#take(number)?.succeed(answer.json);
        return;
      case 'failure':
        this.fail(number, new StoreError(answer.kind, answer.message));
        return;
      default: {
        const unheardOf: never = answer;
        return unheardOf;
      }
    }
  }

  fail(number: number, error: StoreError): void {
    this.#take(number)?.fail(error);
  }

  failAll(error: StoreError): void {
    for (const number of [...this.#pending.keys()]) this.fail(number, error);
  }

  #take(number: number): PendingCall | undefined {
    const call = this.#pending.get(number);
    this.#pending.delete(number);
    return call;
  }
}
