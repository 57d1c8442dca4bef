import { type CompiledQuery } from 'kysely';

/** A row as plain JSON values. */
export type Row = Readonly<Record<string, unknown>>;

/** Records that can be asked: the sinks `duckdb` and `postgres`. Queries are in SQL that both know. */
export interface ExchangeStore {
  /** Rejects while the store is down, or when the query takes longer than its bound. */
  rows(query: CompiledQuery): Promise<readonly Row[]>;
}

/** Injects the store that the read API asks: the first sink that is one; null where none is. */
export const EXCHANGE_STORE = Symbol('EXCHANGE_STORE');
