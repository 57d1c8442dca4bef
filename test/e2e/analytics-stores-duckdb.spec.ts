import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createDuckDbSink } from '../../src/analytics/sinks/duckdb/duckdb-sink.js';
import { queries } from '../../src/analytics/store/queries.js';
import { recordBatch, recordWith } from '../support/analytics/exchange-records.js';
import { describeStore } from '../support/analytics/exchange-store-suite.js';

const folders: string[] = [];
const children: ChildProcess[] = [];

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of folders) await rm(folder, { recursive: true });
});

async function emptyFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-'));
  folders.push(folder);
  return join(folder, 'made', 'analytics.duckdb');
}

describeStore('duckdb', async () => createDuckDbSink({ path: await emptyFile() }, 'duckdb'));

describe('a duckdb file', () => {
  it('is refused while another process has it open, and opened after that', async () => {
    const path = await emptyFile();
    const other = await openElsewhere(path);
    const sink = createDuckDbSink({ path }, 'duckdb');
    await expect(sink.open()).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining(`cannot open ${path}`),
    });
    await other.kill();
    await sink.open();
    await sink.close();
  });

  it('has what was written when the process was killed, and takes more', async () => {
    const path = await emptyFile();
    const other = await openElsewhere(path);
    await other.kill();
    const sink = createDuckDbSink({ path }, 'duckdb');
    await sink.open();
    expect(await sink.rows(IDS)).toEqual([{ record_id: 'first' }, { record_id: 'second' }]);
    await sink.write(recordBatch([recordWith({ record_id: 'third' })]));
    expect(await sink.rows(IDS)).toHaveLength(3);
    await sink.close();
  });

  it.each([
    ['deleted', (path: string) => rm(path)],
    ['moved', (path: string) => rename(path, `${path}.moved`)],
  ])('takes nothing more when it was %s, until it is opened anew', async (_, happen) => {
    const path = await emptyFile();
    const sink = createDuckDbSink({ path }, 'duckdb');
    await sink.open();
    await sink.write(recordBatch([recordWith({ record_id: 'before' })]));
    await happen(path);
    const batch = recordBatch([recordWith({ record_id: 'after' })]);
    await expect(sink.write(batch)).rejects.toMatchObject({
      kind: 'unreachable',
      message: `${path} was moved or deleted`,
    });
    await sink.open();
    await sink.write(batch);
    expect(await sink.rows(IDS)).toEqual([{ record_id: 'after' }]);
    await sink.close();
  });

  it('opens at every place where its log may have been torn', async () => {
    const path = await emptyFile();
    const other = await openElsewhere(path);
    await other.kill();
    const file = await readFile(path);
    const log = await readFile(`${path}.wal`);
    const found = new Set<number>();
    for (let torn = 0; torn < 40; torn++) {
      await writeFile(path, file);
      await writeFile(`${path}.wal`, log.subarray(0, log.length - torn * 7));
      const sink = createDuckDbSink({ path }, 'duckdb');
      await sink.open();
      found.add((await sink.rows(IDS)).length);
      await sink.close();
    }
    expect([...found].sort()).toEqual([1, 2]);
  });

  it('says so when a query takes longer than its bound, and answers the next', async () => {
    const sink = createDuckDbSink({ path: await emptyFile(), stepBoundMs: 50 }, 'duckdb');
    await sink.open();
    const endless = sql`select sum(a.i * b.i) as s from range(10000000) a(i), range(10000000) b(i)`;
    await expect(sink.rows(endless.compile(queries))).rejects.toMatchObject({ kind: 'timed-out' });
    expect(await sink.rows(IDS)).toEqual([]);
    await sink.close();
  });

  it('looks for repetitions among records that started before it was opened', async () => {
    const nowMs = () => Date.parse('2026-01-31T12:00:00.000Z');
    const sink = createDuckDbSink({ path: await emptyFile(), nowMs }, 'duckdb');
    await sink.open();
    const before = recordWith({ started_at: '2026-01-31T12:00:00.000Z' });
    const after = recordWith({ started_at: '2026-01-31T12:00:00.001Z' });
    await sink.write(recordBatch([after]));
    await sink.write(recordBatch([before, after]));
    expect(await sink.rows(IDS)).toHaveLength(2);
    await sink.close();
  });

  it('gets the columns that an earlier version did not have', async () => {
    const path = await emptyFile();
    await mkdir(dirname(path));
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run(`create table sluice_exchanges (record_id varchar, started_at timestamp)`);
    await connection.run(`insert into sluice_exchanges values ('old', '2026-01-01 00:00:00')`);
    connection.closeSync();
    instance.closeSync();
    const sink = createDuckDbSink({ path }, 'duckdb');
    await sink.open();
    await sink.write(recordBatch([recordWith({ record_id: 'third' })]));
    expect(await sink.rows(IDS)).toEqual([{ record_id: 'old' }, { record_id: 'third' }]);
    await sink.close();
  });

  it('keeps the values of columns whose type an earlier version had not', async () => {
    const path = await emptyFile();
    const sink = createDuckDbSink({ path }, 'duckdb');
    await sink.open();
    const records = [0.1, 20.5, null].map((ms, index) =>
      recordWith({ record_id: `r${index}`, total_ms: ms, tokens_per_second: ms }),
    );
    await sink.write(recordBatch(records));
    await sink.close();
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    for (const name of ['total_ms', 'tokens_per_second']) {
      await connection.run(`alter table sluice_exchanges alter column ${name} type double`);
    }
    await connection.run(`update sluice_exchanges set total_ms = 1e300 where record_id = 'r1'`);
    connection.closeSync();
    instance.closeSync();
    await sink.open();
    const kept = sql`
      select total_ms, tokens_per_second, typeof(total_ms) as type
      from sluice_exchanges order by record_id`;
    const type = 'DECIMAL(9,1)';
    expect(await sink.rows(kept.compile(queries))).toEqual([
      { total_ms: 0.1, tokens_per_second: 0.1, type },
      { total_ms: null, tokens_per_second: 20.5, type },
      { total_ms: null, tokens_per_second: null, type },
    ]);
    await sink.close();
  });
});

const IDS = queries
  .selectFrom('sluice_exchanges')
  .select('record_id')
  .orderBy('record_id')
  .compile();

/** A process that has the file open and has written two batches of a record each. */
async function openElsewhere(path: string): Promise<{ readonly kill: () => Promise<void> }> {
  const sink = createDuckDbSink({ path }, 'duckdb');
  await sink.open();
  await sink.close();
  const insert = (id: string) => `insert into sluice_exchanges (record_id) values ('${id}')`;
  const program = `
    import { DuckDBInstance } from '@duckdb/node-api';
    const instance = await DuckDBInstance.create(process.argv[1]);
    const connection = await instance.connect();
    await connection.run(${JSON.stringify(insert('first'))});
    await connection.run(${JSON.stringify(insert('second'))});
    process.stdout.write('written');
    setInterval(() => connection, 1_000_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  const kill = async (): Promise<void> => {
    const ended = once(child, 'close');
    child.kill('SIGKILL');
    await ended;
  };
  return { kill };
}
