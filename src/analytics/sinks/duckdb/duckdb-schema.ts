import { type DuckDBConnection } from '@duckdb/node-api';
import { COLUMN_KINDS, type ColumnKind, EXCHANGES } from '../../store/columns.js';

const TYPES: Readonly<Record<ColumnKind, string>> = {
  text: 'VARCHAR',
  timestamp: 'TIMESTAMP',
  integer: 'BIGINT',
  real: 'DOUBLE',
  // Whole numbers of 32 bits underneath, which take half the time of fractions to rank.
  tenths: 'DECIMAL(9,1)',
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
 * Makes the table, or brings that of an earlier version up to this one: a column that it lacks, or
 * holds as another type. It has no key: an index over millions of rows would have to be held in
 * memory.
 */
export async function ensureSchema(connection: DuckDBConnection): Promise<void> {
  const columns = COLUMN_KINDS.map(([name, kind]) => `${name} ${TYPES[kind]}`);
  await connection.run(`create table if not exists ${EXCHANGES} (${columns.join(', ')})`);
  const present = await presentColumns(connection);
  for (const [name, kind] of COLUMN_KINDS) {
    const type = present.get(name);
    if (type === undefined) await alter(connection, `add column ${name} ${TYPES[kind]}`);
    else if (type !== TYPES[kind]) await alter(connection, retyped(name, TYPES[kind]));
  }
}

async function alter(connection: DuckDBConnection, change: string): Promise<void> {
  await connection.run(`alter table ${EXCHANGES} ${change}`);
}

/** What the new type cannot hold becomes null. */
function retyped(name: string, type: string): string {
  return `alter column ${name} type ${type} using try_cast(${name} as ${type})`;
}

async function presentColumns(
  connection: DuckDBConnection,
): Promise<ReadonlyMap<unknown, unknown>> {
  const reader = await connection.runAndReadAll(
    `select column_name, data_type from duckdb_columns() where table_name = '${EXCHANGES}'`,
  );
  return new Map(reader.getRows().map(([name, type]) => [name, type]));
}
