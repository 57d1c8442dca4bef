import { type PoolClient } from 'pg';
import { type CompiledQuery } from 'kysely';
import { type Row } from '../../store/exchange-store.js';

/** Takes a few milliseconds to read. */
const ROWS_PER_PIECE = 200;

const FETCH = `fetch ${ROWS_PER_PIECE} from sluice_rows`;

/**
 * The rows of a query, piece by piece as they are asked for. Needs the connection for itself; a
 * transaction is left open on it.
 */
export async function* cursorRows(
  client: PoolClient,
  { sql, parameters }: CompiledQuery,
): AsyncGenerator<readonly Row[]> {
  await client.query('begin read only');
  await client.query(`declare sluice_rows no scroll cursor for ${sql}`, [...parameters]);
  for (;;) {
    const { rows } = await client.query<Row>(FETCH);
    if (rows.length > 0) yield rows;
    if (rows.length < ROWS_PER_PIECE) return;
  }
}
