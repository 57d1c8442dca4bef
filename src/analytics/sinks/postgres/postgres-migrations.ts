import { Kysely, PostgresDialect, sql } from 'kysely';
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration';
import { type Secret } from '../../../config/secret.js';
import { COLUMN_KINDS, EXCHANGES } from '../../store/columns.js';
import { postgresType } from './postgres-columns.js';
import { storeError } from './postgres-failure.js';
import { createPool } from './postgres-pool.js';

/** Other replicas wait this long for the one that migrates. */
const STATEMENT_MS = 60_000;

const REQUIRED: ReadonlySet<string> = new Set(['record_id', 'started_at']);

/**
 * Columns that a later version adds are in this table too when it is made by that version, so its
 * migration adds them `if not exists`.
 */
const exchanges: Migration = {
  async up(db) {
    const columns = COLUMN_KINDS.map(([name, kind]) => {
      const constraint = REQUIRED.has(name) ? ' not null' : '';
      return `${name} ${postgresType(kind)}${constraint}`;
    });
    const statements = [
      `create table ${EXCHANGES} (${columns.join(', ')}, primary key (record_id))`,
      `create index sluice_exchanges_newest on ${EXCHANGES} (started_at desc, record_id desc)`,
      `create index sluice_exchanges_id on ${EXCHANGES} (id)`,
    ];
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};

/** In order; one that was released is never changed. */
const MIGRATIONS: MigrationProvider = {
  getMigrations: () => Promise.resolve({ '0001_exchanges': exchanges }),
};

/**
 * Brings the tables up to this version, under an advisory lock: of several replicas that start at
 * once the first migrates and the others find nothing to do.
 */
export async function migrate(url: Secret): Promise<void> {
  const pool = await createPool(url, { maxConnections: 1, statementMs: STATEMENT_MS });
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    const { error } = await new Migrator({
      db,
      provider: MIGRATIONS,
      migrationTableName: 'sluice_migrations',
      migrationLockTableName: 'sluice_migrations_lock',
    }).migrateToLatest();
    if (error !== undefined) throw storeError(error);
  } finally {
    await db.destroy();
  }
}
