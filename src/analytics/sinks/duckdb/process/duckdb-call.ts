import { type StoreErrorKind } from '../../../store/store-error.js';
import { storeError } from '../duckdb-failure.js';
import { type OfferedLines } from '../offered-lines.js';

/** What the process of DuckDB is asked to do. */
export type DuckDbCall =
  | { readonly do: 'open'; readonly path: string; readonly stepBoundMs: number | null }
  /** The text of the batch comes through a pipe of its own. */
  | {
      readonly do: 'write';
      readonly bytes: number;
      readonly marks: Omit<OfferedLines, 'jsonLines'>;
    }
  | { readonly do: 'delete'; readonly startedBeforeMs: number }
  | { readonly do: 'read'; readonly sql: string; readonly parameters: readonly unknown[] }
  /** A sign of life. */
  | { readonly do: 'ping' };

/** What the process of DuckDB says to a call. */
export type DuckDbAnswer =
  | { readonly is: 'done' }
  /**
   * Some of the rows, more of which or another answer will follow: an array as JSON, which is parsed
   * faster than objects are cloned.
   */
  | { readonly is: 'rows'; readonly json: string }
  | { readonly is: 'failure'; readonly kind: StoreErrorKind; readonly message: string };

/** As it travels: calls overtake each other, and answers find back by the number. */
export interface NumberedCall {
  readonly number: number;
  readonly call: DuckDbCall;
}

/** An answer with the number of its call. */
export interface NumberedAnswer {
  readonly number: number;
  readonly answer: DuckDbAnswer;
}

/** Errors lose their class on the way. */
export function failureOf(error: unknown): DuckDbAnswer {
  const { kind, message } = storeError(error);
  return { is: 'failure', kind, message };
}
