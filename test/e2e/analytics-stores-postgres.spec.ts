import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { inspect } from 'node:util';
import { Client } from 'pg';
import { createPostgresSink } from '../../src/analytics/sinks/postgres/postgres-sink.js';
import { type RecordBatch } from '../../src/analytics/sinks/sink.js';
import { queries } from '../../src/analytics/store/queries.js';
import { Secret } from '../../src/config/secret.js';
import { recordBatch, recordWith } from '../support/analytics/exchange-records.js';
import { describeStore, type StoringSink } from '../support/analytics/exchange-store-suite.js';
import { type PostgresServer, startPostgres } from '../support/analytics/postgres.js';
import { eventually } from '../support/time/eventually.js';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.dispose());

const sinkAt = (url: string) => createPostgresSink({ url: new Secret(url) }, 'postgres');

describeStore('postgres', async () => sinkAt(await server.emptyDatabase()));

const IDS = queries
  .selectFrom('sluice_exchanges')
  .select('record_id')
  .orderBy('record_id')
  .compile();

async function idsIn(sink: StoringSink): Promise<readonly unknown[]> {
  const rows = await sink.rows(IDS);
  return rows.map((row) => row.record_id);
}

describe('several replicas with one PostgreSQL', () => {
  it('migrate it once, and write what others write as well only once', async () => {
    const url = await server.emptyDatabase();
    const replicas = [0, 1, 2, 3].map(() => sinkAt(url));
    await Promise.all(replicas.map((replica) => replica.open()));
    const shared = ['s1', 's2'].map((id) => recordWith({ record_id: id }));
    await Promise.all(
      replicas.map((replica, index) =>
        replica.write(recordBatch([...shared, recordWith({ record_id: `own${index}` })])),
      ),
    );
    const [first] = replicas;
    const migrations = sql`select name from sluice_migrations`.compile(queries);
    expect(await first?.rows(migrations)).toEqual([{ name: '0001_exchanges' }]);
    expect(await first?.rows(IDS)).toEqual(
      ['own0', 'own1', 'own2', 'own3', 's1', 's2'].map((id) => ({ record_id: id })),
    );
    for (const replica of replicas) await replica.close();
  });
});

describe('a PostgreSQL that fails', () => {
  it('loses and doubles nothing when it is killed amid writing and started again', async () => {
    const url = await server.emptyDatabase();
    const sink = sinkAt(url);
    await sink.open();
    const batches = Array.from({ length: 12 }, (_, batch) =>
      recordBatch(
        Array.from({ length: 500 }, (_, index) =>
          recordWith({ record_id: `${String(batch).padStart(2, '0')}-${index}` }),
        ),
      ),
    );
    for (const [index, batch] of batches.entries()) {
      if (index % 4 !== 2) {
        await sink.write(batch);
        continue;
      }
      await lockTable(url, 'sluice_exchanges in exclusive mode');
      const written = sink.write(batch);
      const refused = expect(written).rejects.toMatchObject({ kind: 'unreachable' });
      await server.kill();
      await refused;
      await expect(sink.open()).rejects.toMatchObject({ kind: 'unreachable' });
      await expect(sink.rows(IDS)).rejects.toMatchObject({ kind: 'unreachable' });
      await server.restart();
      await sink.open();
      await sink.write(batch);
    }
    expect(await idsIn(sink)).toEqual(idsOf(batches));
    await sink.close();
  });

  it('ends nothing but the opening when it is killed amid a migration', async () => {
    const url = await server.emptyDatabase();
    const first = sinkAt(url);
    await first.open();
    await lockTable(url, 'sluice_migrations_lock in access exclusive mode');
    const waiting = sql`select from pg_stat_activity where wait_event_type = 'Lock'`;
    const second = sinkAt(url);
    const refused = expect(second.open()).rejects.toMatchObject({ kind: 'unreachable' });
    await eventually(
      () => first.rows(waiting.compile(queries)),
      ({ length }) => length > 0,
    );
    await server.kill();
    await refused;
    await server.restart();
    await second.open();
    await Promise.all([first.close(), second.close()]);
  });

  it('is told with nothing of its URL', async () => {
    const password = 'sentinel-secret';
    for (const url of [
      `postgres://someone:${password}@127.0.0.1:1/none`,
      `postgres://someone:${password}@127.0.0.1:notaport/none`,
      (await server.emptyDatabase()).replace(/:[^:@]*@/, `:${password}@`),
    ]) {
      const failure: unknown = await sinkAt(url)
        .open()
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({ name: 'StoreError' });
      expect(everythingOf(failure)).not.toContain(password);
    }
  });

  it('says so when a query takes longer than its bound, and answers the next', async () => {
    const url = new Secret(await server.emptyDatabase());
    const sink = createPostgresSink({ url, statementMs: 200 }, 'postgres');
    await sink.open();
    const slow = sql`select pg_sleep(20)`.compile(queries);
    await expect(sink.rows(slow)).rejects.toMatchObject({ kind: 'timed-out' });
    expect(await sink.rows(IDS)).toEqual([]);
    await sink.close();
  });
});

/** Whoever needs the table waits from now on, until the server ends. */
async function lockTable(url: string, lock: string): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('begin');
  await client.query(`lock table ${lock}`);
}

function idsOf(batches: readonly RecordBatch[]): readonly string[] {
  return batches.flatMap((batch) => batch.records().map((record) => record.record_id)).sort();
}

function everythingOf(failure: unknown): string {
  return inspect(failure, { depth: 10, showHidden: true });
}
