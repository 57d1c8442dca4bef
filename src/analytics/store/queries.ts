import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import { type ExchangeRecord } from '../record/exchange-record.js';

/** A column for each field of a record, under its name. */
export type ExchangesTable = ExchangeRecord;

/** The tables of a store, for the types of queries. */
export interface StoreTables {
  readonly sluice_exchanges: ExchangesTable;
}

/**
 * Makes queries and runs none: `compile()` them and give them to an `ExchangeStore`.
 *
 * DuckDB understands PostgreSQL's SQL nearly everywhere, and both run with UTC, the same order of
 * nulls, the same integer division and bytewise order of text. What remains:
 * - A parameter is another each time it is named: group by an alias, not by the expression again.
 * - `like` needs its `escape` said.
 * - A division by zero is an error in one and null in the other: divide by `nullif(…, 0)`.
 */
export const queries = new Kysely<StoreTables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});
