import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { sql } from 'kysely';
import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { constants, getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { createDelivery } from '../../src/analytics/delivery/create-delivery.js';
import { RecordQueue } from '../../src/analytics/delivery/record-queue.js';
import { type ExchangeRecord } from '../../src/analytics/record/exchange-record.js';
import { createDuckDbClient } from '../../src/analytics/sinks/duckdb/duckdb-client.js';
import { createDuckDbSink } from '../../src/analytics/sinks/duckdb/duckdb-sink.js';
import { type Sink } from '../../src/analytics/sinks/sink.js';
import { queries } from '../../src/analytics/store/queries.js';
import { StoreError } from '../../src/analytics/store/store-error.js';
import { recordBatch, recordWith } from '../support/analytics/exchange-records.js';
import { describeStore, type StoringSink } from '../support/analytics/exchange-store-suite.js';
import { childOf, childrenOf, gone } from '../support/gateway/child-processes.js';

/** What `npm run build` makes, which `npm test` runs first. */
const CLIENT = fileURLToPath(
  new URL('../../dist/analytics/sinks/duckdb/duckdb-client.js', import.meta.url),
);
const PROGRAM = 'duckdb-process.js';

const folders: string[] = [];
const gateways: ChildProcess[] = [];
const opened: StoringSink[] = [];

afterAll(async () => {
  for (const sink of opened) await sink.close();
  for (const gateway of gateways) gateway.kill('SIGKILL');
  for (const folder of folders) await rm(folder, { recursive: true });
});

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-'));
  folders.push(folder);
  return folder;
}

const fileIn = (folder: string): string => join(folder, 'analytics.duckdb');

function clientOf(path: string, stepBoundMs?: number): StoringSink {
  const bounds = stepBoundMs === undefined ? {} : { stepBoundMs };
  const client = createDuckDbClient({ path, ...bounds }, 'duckdb');
  opened.push(client);
  return client;
}

const IDS = queries
  .selectFrom('sluice_exchanges')
  .select('record_id')
  .orderBy('record_id')
  .compile();

describeStore('duckdb in a process of its own', async () => clientOf(fileIn(await emptyFolder())));

describe('the process that has a duckdb file open', () => {
  it('runs at the lowest priority in all its threads, without the environment', async () => {
    const client = clientOf(fileIn(await emptyFolder()));
    await client.open();
    const pid = await childOf(process.pid, PROGRAM);
    expect(getPriority(pid)).toBe(constants.priority.PRIORITY_LOW);
    expect(await nicenessOfThreads(pid)).toEqual([constants.priority.PRIORITY_LOW]);
    expect(await readFile(`/proc/${pid}/environ`, 'utf8')).not.toContain('PATH=');
    await client.close();
  });

  it('is gone when close() has resolved, leaves a whole file, and takes nothing more', async () => {
    const before = await childrenOf(process.pid);
    const path = fileIn(await emptyFolder());
    const client = clientOf(path);
    await client.open();
    expect(await childrenOf(process.pid)).toHaveLength(before.length + 1);
    await client.write(recordBatch([recordWith()]));
    expect(existsSync(`${path}.wal`)).toBe(true);
    await client.close();
    expect(existsSync(`${path}.wal`)).toBe(false);
    expect(await childrenOf(process.pid)).toEqual(before);
    await expect(client.write(recordBatch([recordWith()]))).rejects.toMatchObject({
      kind: 'closed',
    });
  });

  it('is another one after each open(), and the one before is gone', async () => {
    const client = clientOf(fileIn(await emptyFolder()));
    await client.open();
    const first = await childOf(process.pid, PROGRAM);
    await client.open();
    expect(await childOf(process.pid, PROGRAM)).not.toBe(first);
    await client.close();
  });

  it('is killed when it does not end by itself', async () => {
    const client = clientOf(fileIn(await emptyFolder()));
    await client.open();
    const pid = await childOf(process.pid, PROGRAM);
    process.kill(pid, 'SIGSTOP');
    await client.close();
    await gone(pid);
  });

  it('leaves no process when the file cannot be opened, and says why', async () => {
    const path = fileIn(await emptyFolder());
    const owner = clientOf(path);
    await owner.open();
    const before = await childrenOf(process.pid);
    const other = clientOf(path);
    await expect(other.open()).rejects.toMatchObject({
      name: 'StoreError',
      kind: 'unreachable',
      message: expect.stringMatching(new RegExp(`^cannot open ${path}: .*lock`, 's')),
    });
    expect(await childrenOf(process.pid)).toEqual(before);
    await owner.close();
    await other.open();
    await other.close();
  });

  it('goes on after the signals that a terminal sends to all processes', async () => {
    const client = clientOf(fileIn(await emptyFolder()));
    await client.open();
    const pid = await childOf(process.pid, PROGRAM);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid, signal);
    await client.write(recordBatch([recordWith({ record_id: 'a' })]));
    expect(await client.rows(IDS)).toEqual([{ record_id: 'a' }]);
    await client.close();
  });

  it('fails what was asked of it when it is killed, and is started anew by open()', async () => {
    const client = clientOf(fileIn(await emptyFolder()));
    await client.open();
    await client.write(recordBatch([recordWith({ record_id: 'a' })]));
    const asked = client.rows(ENDLESS);
    process.kill(await childOf(process.pid, PROGRAM), 'SIGKILL');
    await expect(asked).rejects.toMatchObject({
      kind: 'unreachable',
      message: 'the process of DuckDB ended: SIGKILL',
    });
    await expect(client.rows(IDS)).rejects.toMatchObject({ kind: 'unreachable' });
    await client.open();
    expect(await client.rows(IDS)).toEqual([{ record_id: 'a' }]);
    await client.close();
  });

  it('is killed when it hangs, which fails what was asked of it, and is started anew by open()', async () => {
    const client = createDuckDbClient(
      { path: fileIn(await emptyFolder()), silenceMs: 100 },
      'duckdb',
    );
    opened.push(client);
    await client.open();
    const pid = await childOf(process.pid, PROGRAM);
    process.kill(pid, 'SIGSTOP');
    const batch = recordBatch([recordWith({ record_id: 'a' })]);
    const outcomes = await Promise.allSettled([client.write(batch), client.rows(IDS)]);
    const killed = { kind: 'unreachable', message: 'the process of DuckDB ended: SIGKILL' };
    expect(outcomes).toMatchObject([{ reason: killed }, { reason: killed }]);
    await client.open();
    await client.write(batch);
    expect(await client.rows(IDS)).toEqual([{ record_id: 'a' }]);
    await client.close();
  });

  it('keeps its files from all but the owner and the group', async () => {
    const folder = join(await emptyFolder(), 'made');
    const client = clientOf(fileIn(folder));
    await client.open();
    await client.write(recordBatch([recordWith()]));
    expect(await permissionsOf(folder)).toBe('750');
    expect(await permissionsOf(fileIn(folder))).toBe('640');
    expect(await permissionsOf(`${fileIn(folder)}.wal`)).toBe('640');
    await client.close();
  });

  it('passes the bound of a query on, and refuses a parameter that is no value', async () => {
    const client = clientOf(fileIn(await emptyFolder()), 50);
    await client.open();
    await expect(client.rows(ENDLESS)).rejects.toMatchObject({ kind: 'timed-out' });
    const odd = { ...IDS, parameters: [() => undefined] };
    await expect(client.rows(odd)).rejects.toMatchObject({ kind: 'refused' });
    await client.close();
  });

  it('takes batches of any size and text, and several offered at once', async () => {
    const client = clientOf(fileIn(await emptyFolder()));
    await client.open();
    const texts = ['ü'.repeat(3_000_000), 'a', '😀'.repeat(300_000), 'b'.repeat(200_000), ''];
    const batches = texts.map((reply, index) =>
      recordBatch([recordWith({ record_id: `${index}`, reply })]),
    );
    await Promise.all(batches.map((batch) => client.write(batch)));
    const rows = await client.rows(REPLIES);
    // Compared here, for the difference of such texts would take minutes to print.
    expect(rows.map(({ reply }, index) => reply === texts[index])).toEqual(texts.map(() => true));
    await client.close();
  });

  it('takes 64 queries at once, and still a batch', async () => {
    const client = clientOf(fileIn(await emptyFolder()));
    await client.open();
    const asked = Array.from({ length: 65 }, () => client.rows(IDS));
    await client.write(recordBatch([recordWith()]));
    const outcomes = await Promise.allSettled(asked);
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toMatchObject([{ reason: { kind: 'busy' } }]);
    await client.close();
  });
});

const REPLIES = queries
  .selectFrom('sluice_exchanges')
  .select('reply')
  .orderBy('record_id')
  .compile();

const ENDLESS = sql<object>`
  select sum(a.i * b.i) as s from range(10000000) a(i), range(10000000) b(i)`.compile(queries);

/** Records of each turn, in batches of a thousand. */
const RECORDS = 4_000;
const KILLS = 3;

describe('records on their way to a process that is killed again and again', () => {
  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  afterAll(() => {
    Logger.overrideLogger(true);
  });

  it('arrive all, each once', async () => {
    const folder = await emptyFolder();
    const client = clientOf(fileIn(folder));
    const writes = new EventEmitter();
    let written = 0;
    let isAnswerLost = true;
    const sink: Sink = {
      name: 'duckdb',
      open: () => client.open(),
      write: async (batch) => {
        await client.write(batch);
        if (isAnswerLost) {
          isAnswerLost = false;
          throw new StoreError('unreachable', 'it was killed between writing and answering');
        }
        written += batch.count;
        writes.emit('written');
      },
      close: () => client.close(),
    };
    const spool = { path: join(folder, 'spool'), maxBytes: 100_000_000 };
    const delivery = createDelivery({ maxQueued: 40_000, spool }, [sink], Date.now);
    const queue = new RecordQueue(delivery);
    queue.start();
    for (let turn = 0; turn < KILLS; turn++) {
      // Some have been written then, and the next are on their way.
      const some = once(writes, 'written');
      for (const record of recordsOfTurn(turn)) queue.add(record);
      await some;
      process.kill(await childOf(process.pid, PROGRAM), 'SIGKILL');
    }
    queue.flush();
    const all = KILLS * RECORDS;
    while (written < all) await once(writes, 'written');
    const rows = await client.rows(IDS);
    expect(rows).toHaveLength(all);
    expect(new Set(rows.map((row) => row.record_id)).size).toBe(all);
    await queue.close();
  }, 120_000);
});

function recordsOfTurn(turn: number): readonly ExchangeRecord[] {
  const startedAt = new Date().toISOString();
  return Array.from({ length: RECORDS }, (_, index) =>
    recordWith({ record_id: `r${turn}-${index}`, started_at: startedAt }),
  );
}

describe('the process of a gateway that is killed', () => {
  it('ends by itself, and lets go of a file that holds what was written', async () => {
    const path = fileIn(await emptyFolder());
    const program = `
      const { createDuckDbClient } = await import(process.argv[1]);
      const client = createDuckDbClient({ path: process.argv[2] }, 'duckdb');
      await client.open();
      const batch = JSON.parse(process.argv[3]);
      await client.write({ ...batch, jsonLines: Buffer.from(batch.jsonLines) });
      process.stdout.write('written');
      setInterval(() => client, 1_000_000);`;
    const { jsonLines, ...marks } = recordBatch([recordWith({ record_id: 'a' })]);
    const batch = JSON.stringify({ ...marks, jsonLines: jsonLines.toString() });
    const node = ['--input-type=module', '-e', program, CLIENT, path, batch];
    const gateway = spawn(process.execPath, node, { stdio: ['ignore', 'pipe', 'inherit'] });
    gateways.push(gateway);
    await once(gateway.stdout, 'data');
    const pid = await childOf(gateway.pid ?? 0, PROGRAM);
    gateway.kill('SIGKILL');
    await gone(pid);
    const sink = createDuckDbSink({ path }, 'duckdb');
    await sink.open();
    expect(await sink.rows(IDS)).toEqual([{ record_id: 'a' }]);
    await sink.close();
  });

  it('holds back none that has nothing more to do, and writes nothing', async () => {
    const path = fileIn(await emptyFolder());
    const program = `
      const { createDuckDbClient } = await import(process.argv[1]);
      await createDuckDbClient({ path: process.argv[2] }, 'duckdb').open();`;
    const gateway = spawn(process.execPath, ['--input-type=module', '-e', program, CLIENT, path], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    gateways.push(gateway);
    expect(await ended(gateway)).toEqual({ exit: [0, null], output: '' });
  });
});

describe('a gateway without a file descriptor left', () => {
  it('goes on, and is told that DuckDB cannot be reached', async () => {
    const program = `
      const { openSync } = await import('node:fs');
      const { createDuckDbClient } = await import(process.argv[1]);
      const client = createDuckDbClient({ path: process.argv[2] }, 'duckdb');
      try { for (;;) openSync('/dev/null'); } catch {}
      const outcome = await client.open().catch(({ kind }) => kind);
      setImmediate(() => process.stdout.write(outcome));`;
    const path = fileIn(await emptyFolder());
    const node = [process.execPath, '--input-type=module', '-e', program, CLIENT, path];
    const gateway = spawn('/bin/sh', ['-c', 'ulimit -n 64; exec "$@"', 'sh', ...node], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    gateways.push(gateway);
    expect(await ended(gateway)).toEqual({ exit: [0, null], output: 'unreachable' });
  });
});

/** How a process ends, and all it writes: until the last of its children that could write has ended. */
async function ended(
  gateway: ChildProcessByStdio<null, Readable, Readable>,
): Promise<{ exit: unknown[]; output: string }> {
  let output = '';
  for (const stream of [gateway.stdout, gateway.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  return { exit: await once(gateway, 'close'), output };
}

/** As chmod(1) takes them. */
async function permissionsOf(path: string): Promise<string> {
  const { mode } = await stat(path);
  return (mode & 0o777).toString(8);
}

/** Each that occurs, in the order of size: field 19 of proc(5), `/proc/pid/stat`. */
async function nicenessOfThreads(pid: number): Promise<readonly number[]> {
  const threads = await readdir(`/proc/${pid}/task`);
  const stats = threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8'));
  const niceness = (await Promise.all(stats)).map((stat) =>
    Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]),
  );
  return [...new Set(niceness)].sort();
}
