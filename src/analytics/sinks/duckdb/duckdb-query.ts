import { type DuckDBPreparedStatement, type DuckDBResult } from '@duckdb/node-api';
import { type CompiledQuery } from 'kysely';
import { type Row } from '../../store/exchange-store.js';
import { StoreError } from '../../store/store-error.js';
import { rowReader } from './duckdb-row.js';
import { type DuckDbSession } from './duckdb-sessions.js';

/** What there is to know of a query to run it. */
export type Statement = Pick<CompiledQuery, 'sql' | 'parameters'>;

/**
 * Runs a query in a session. The rows come as JSON text: DuckDB writes it beside the main thread,
 * and parsing it is many times as fast as asking for each value.
 */
export async function rowsOf(
  { connection, step }: DuckDbSession,
  { sql, parameters }: Statement,
): Promise<readonly Row[]> {
  // DuckDB plans by what the columns hold, and may misread a row that was written between the plan
  // and its run. In one transaction both see the same rows.
  await step(() => connection.run('begin transaction read only'));
  const statement = await step(() => connection.prepare(asJson(sql)));
  bind(statement, parameters);
  return step(async () => rowsIn(await statement.run()));
}

async function rowsIn(result: DuckDBResult): Promise<readonly Row[]> {
  const read = rowReader(result.columnType(1));
  const rows: Row[] = [];
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return rows;
    rows.push(...chunk.getColumnValues(0).map(read));
  }
}

/** The second column is null everywhere; its type tells that of each column of the query. */
function asJson(sql: string): string {
  return `
    select cast(to_json(sluice_row) as varchar), case when false then sluice_row end
    from (${sql}) as sluice_row`;
}

function bind(statement: DuckDBPreparedStatement, parameters: readonly unknown[]): void {
  for (const [index, value] of parameters.entries()) bindOne(statement, index + 1, value);
}

function bindOne(statement: DuckDBPreparedStatement, position: number, value: unknown): void {
  if (value === null) statement.bindNull(position);
  else if (typeof value === 'string') statement.bindVarchar(position, value);
  else if (typeof value === 'boolean') statement.bindBoolean(position, value);
  else if (typeof value !== 'number') {
    throw new StoreError('refused', `a ${typeof value} is no parameter`);
  } else if (Number.isSafeInteger(value)) statement.bindBigInt(position, BigInt(value));
  else statement.bindDouble(position, value);
}
