import { setImmediate } from 'node:timers/promises';
import {
  type DuckDBDataChunk,
  type DuckDBPreparedStatement,
  type DuckDBValue,
} from '@duckdb/node-api';
import { type CompiledQuery } from 'kysely';
import { type Row } from '../../store/exchange-store.js';
import { StoreError } from '../../store/store-error.js';
import { type DuckDbSession } from './duckdb-sessions.js';
import { rowReader } from './duckdb-row.js';

/** Takes about a millisecond to read, with bodies a few. */
const ROWS_PER_PIECE = 128;

/** What there is to know of a query to run it. */
export type Statement = Pick<CompiledQuery, 'sql' | 'parameters'>;

/**
 * Runs a query in a session. The rows come as JSON text: DuckDB writes it beside the main thread,
 * and parsing it is many times as fast as asking for each value.
 */
export async function* rowsOf(
  { connection, step }: DuckDbSession,
  { sql, parameters }: Statement,
): AsyncGenerator<readonly Row[]> {
  // DuckDB plans by what the columns hold: told of ten rows, it may read the eleventh, which was
  // written before the plan is run, as something else. In one transaction it sees the same in both.
  await step(() => connection.run('begin transaction read only'));
  const statement = await step(() => connection.prepare(asJson(sql)));
  bind(statement, parameters);
  const result = await step(() => statement.stream());
  const read = rowReader(result.columnType(1));
  for (;;) {
    const chunk = await step(() => result.fetchChunk());
    if (chunk === null || chunk.rowCount === 0) return;
    yield* pieces(chunk, read);
  }
}

/** The second column is null everywhere; its type tells that of each column of the query. */
function asJson(sql: string): string {
  return `
    select cast(to_json(sluice_row) as varchar), case when false then sluice_row end
    from (${sql}) as sluice_row`;
}

async function* pieces(
  chunk: DuckDBDataChunk,
  read: (json: DuckDBValue) => Row,
): AsyncGenerator<readonly Row[]> {
  const column = chunk.getColumnVector(0);
  for (let start = 0; start < chunk.rowCount; start += ROWS_PER_PIECE) {
    const end = Math.min(start + ROWS_PER_PIECE, chunk.rowCount);
    const piece: Row[] = [];
    for (let index = start; index < end; index++) piece.push(read(column.getItem(index)));
    yield piece;
    await setImmediate();
  }
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
