import { type DuckDBConnection } from '@duckdb/node-api';
import { COLUMN_KINDS, type ColumnKind, EXCHANGES } from '../../store/columns.js';

const TYPES: Readonly<Record<ColumnKind, string>> = {
  text: 'VARCHAR',
  timestamp: 'TIMESTAMP',
  integer: 'BIGINT',
  real: 'DOUBLE',
  boolean: 'BOOLEAN',
  json: 'JSON',
};

/**
 * The columns and their types as JSON, the form in which `from_json` is told what to read.
 * No name and no type holds a quote.
 */
export const RECORD_STRUCTURE = JSON.stringify(
  Object.fromEntries(COLUMN_KINDS.map(([name, kind]) => [name, TYPES[kind]])),
);

/**
 * Makes the table, or adds the columns that a file of an earlier version lacks. It has no key: an
 * index over millions of rows would have to be held in memory.
 */
export async function ensureSchema(connection: DuckDBConnection): Promise<void> {
  const columns = COLUMN_KINDS.map(([name, kind]) => `${name} ${TYPES[kind]}`);
  await connection.run(`create table if not exists ${EXCHANGES} (${columns.join(', ')})`);
  const present = await presentColumns(connection);
  for (const [name, kind] of COLUMN_KINDS) {
    if (present.has(name)) continue;
    await connection.run(`alter table ${EXCHANGES} add column ${name} ${TYPES[kind]}`);
  }
}

async function presentColumns(connection: DuckDBConnection): Promise<ReadonlySet<unknown>> {
  const reader = await connection.runAndReadAll(
    `select column_name from duckdb_columns() where table_name = '${EXCHANGES}'`,
  );
  return new Set(reader.getRows().map(([name]) => name));
}
