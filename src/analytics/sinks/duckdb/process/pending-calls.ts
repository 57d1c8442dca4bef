import { type Row } from '../../../store/exchange-store.js';
import { StoreError } from '../../../store/store-error.js';
import { type NumberedAnswer } from './duckdb-call.js';

interface PendingCall {
  readonly rows: Row[];
  readonly succeed: (rows: readonly Row[]) => void;
  readonly fail: (error: StoreError) => void;
}

/** Calls that wait for their answer, each for so long and no longer. */
export class PendingCalls {
  readonly #pending = new Map<number, PendingCall>();
  #lastNumber = 0;

  get size(): number {
    return this.#pending.size;
  }

  /** @returns the number that the answers will bear, and what resolves with all rows. */
  add(boundMs: number): { readonly number: number; readonly answered: Promise<readonly Row[]> } {
    const number = ++this.#lastNumber;
    const { promise, resolve, reject } = Promise.withResolvers<readonly Row[]>();
    const timer = setTimeout(() => {
      this.fail(number, new StoreError('timed-out', `took more than ${boundMs} ms`));
    }, boundMs);
    const answered = promise.finally(() => {
      clearTimeout(timer);
    });
    this.#pending.set(number, { rows: [], succeed: resolve, fail: reject });
    return { number, answered };
  }

  /** Ignores the answer to a call that waits no more. */
  settle({ number, answer }: NumberedAnswer): void {
    switch (answer.is) {
      case 'done':
        this.#done(number);
        return;
      case 'rows':
        this.#read(number, answer.json);
        return;
      case 'failure':
        this.fail(number, new StoreError(answer.kind, answer.message));
        return;
      default: {
        const exhaustiveCheck: never = answer;
        return exhaustiveCheck;
      }
    }
  }

  fail(number: number, error: StoreError): void {
    this.#take(number)?.fail(error);
  }

  failAll(error: StoreError): void {
    for (const number of [...this.#pending.keys()]) this.fail(number, error);
  }

  #read(number: number, json: string): void {
    this.#pending.get(number)?.rows.push(...rowsIn(json));
  }

  #done(number: number): void {
    const call = this.#take(number);
    call?.succeed(call.rows);
  }

  #take(number: number): PendingCall | undefined {
    const call = this.#pending.get(number);
    this.#pending.delete(number);
    return call;
  }
}

function rowsIn(json: string): readonly Row[] {
  const rows: unknown = JSON.parse(json);
  return isRows(rows) ? rows : [];
}

/** Rows are objects as our own process wrote them. */
function isRows(value: unknown): value is readonly Row[] {
  return Array.isArray(value);
}
