import { type Pool, type PoolConfig } from 'pg';
import { type Secret } from '../../../config/secret.js';
import { postgresTypes } from './postgres-types.js';

const CONNECT_BOUND_MS = 5_000;
const IDLE_MS = 30_000;
/** On top of the server's own bound, for a server that is gone without a word. */
const SILENCE_MS = 5_000;

/** What a pool may take of the server. */
export interface PoolBounds {
  readonly maxConnections: number;
  /** The server cancels a statement that takes longer. */
  readonly statementMs: number;
}

/**
 * Connections to PostgreSQL, made when needed. TLS is as the URL's `sslmode` says.
 */
export async function createPool(
  url: Secret,
  { maxConnections, statementMs }: PoolBounds,
): Promise<Pool> {
  const pg = await import('pg');
  const config: PoolConfig = {
    connectionString: url.reveal(),
    application_name: 'sluice',
    max: maxConnections,
    connectionTimeoutMillis: CONNECT_BOUND_MS,
    idleTimeoutMillis: IDLE_MS,
    statement_timeout: statementMs,
    query_timeout: statementMs + SILENCE_MS,
    keepAlive: true,
    // So that times mean the same here as in DuckDB, whatever the server's zone is.
    options: '-c TimeZone=UTC -c DateStyle=ISO',
    types: postgresTypes(pg.types),
  };
  const pool = new pg.Pool(config);
  // Without listeners the loss of a connection would end the process, be it idle or, as migrations
  // take one, in use. Whoever asks it, or next, is told; an idle one the pool has let go of.
  pool.on('error', () => undefined);
  pool.on('connect', (connection) => connection.on('error', () => undefined));
  return pool;
}
