import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { recordWith } from '../../../test/support/analytics/exchange-records.js';
import { ScriptedSink } from '../../../test/support/analytics/scripted-sink.js';
import { deferred } from '../../../test/support/time/deferred.js';
import { eventually } from '../../../test/support/time/eventually.js';
import { type Sink } from '../sinks/sink.js';
import { Delivery } from './delivery.js';
import { RecordQueue } from './record-queue.js';
import { ownerHere } from './spool/owner.js';
import { SpoolBudget } from './spool/spool-budget.js';
import { DISK, type SpoolFiles } from './spool/spool-files.js';
import { Spool } from './spool/spool.js';

interface Setting {
  readonly sinks?: readonly Sink[];
  readonly maxRecords?: number;
  readonly maxSpoolBytes?: number;
  readonly files?: Partial<SpoolFiles>;
  readonly instance?: string;
  readonly wallMs?: () => number;
}

describe('delivery', () => {
  let folder: string;
  let sink: ScriptedSink;
  let delivery: Delivery;
  let queue: RecordQueue;
  let nowMs: number;
  let runs: RecordQueue[];

  beforeEach(async () => {
    Logger.overrideLogger(false);
    folder = await mkdtemp(join(tmpdir(), 'sluice-spool-'));
    sink = new ScriptedSink();
    nowMs = 1_700_000_000_000;
    runs = [];
  });

  afterEach(async () => {
    for (const run of runs) await run.close();
    await rm(folder, { recursive: true });
  });

  it('writes what was collected, in order', async () => {
    run();
    add('a', 'b');
    queue.flush();
    add('c');
    queue.flush();
    await sink.hasTaken(3);
    expect(sink.takenIds).toEqual(['a', 'b', 'c']);
    expect(sink.offered).toEqual([2, 1]);
    expect(await spooled()).toEqual([]);
    expect(figures()).toMatchObject({ isUp: true, written: 3, queued: 0, lagMs: 0 });
  });

  it('writes a megabyte of records as soon as there is so much', async () => {
    run();
    queue.add(recordWith({ request: 'x'.repeat(1024 * 1024) }));
    await sink.hasTaken(1);
  });

  it('writes a thousand records as soon as there are so many', async () => {
    run();
    for (let count = 0; count < 1000; count++) add('x');
    await sink.hasTaken(1000);
    expect(sink.offered).toEqual([1000]);
  });

  it('connects before there is anything to write, so that the store can be asked', async () => {
    run();
    await eventually(tick, () => figures().isUp);
    expect(sink.opened).toBe(1);
  });

  it('has on disk what a sink that is down would not take, and brings it all, in order and once', async () => {
    sink.onOpen = () => Promise.reject(new Error('connection refused'));
    run();
    add('a');
    queue.flush();
    add('b', 'c');
    queue.flush();
    const lines = await eventually(spooled, (found) => found.length === 3);
    expect(lines).toEqual(['a', 'b', 'c']);
    expect(figures()).toMatchObject({ isUp: false, queued: 0, lastError: 'connection refused' });
    expect(figures().spoolBytes).toBeGreaterThan(0);

    nowMs += 5_000;
    expect(figures().lagMs).toBe(5_000);
    sink.onOpen = () => Promise.resolve();
    await sink.hasTaken(3);
    add('d');
    queue.flush();
    await sink.hasTaken(4);
    expect(sink.takenIds).toEqual(['a', 'b', 'c', 'd']);
    await eventually(spooled, (found) => found.length === 0);
    expect(figures()).toMatchObject({ isUp: true, written: 4, spoolBytes: 0, dropped: NONE });
  });

  it('offers a batch again when the sink failed in the middle of it', async () => {
    let writes = 0;
    sink.onWrite = () => (++writes < 3 ? Promise.reject(new Error('gone')) : Promise.resolve());
    run();
    add('a', 'b');
    queue.flush();
    await sink.hasTaken(2);
    expect(sink.offered).toEqual([2, 2, 2]);
    expect(sink.opened).toBe(3);
    expect(sink.takenIds).toEqual(['a', 'b']);
  });

  it('puts on disk what waits for a slow sink, and no longer than that', async () => {
    const release = deferred();
    sink.onWrite = () => release.promise;
    run();
    add('a');
    queue.flush();
    await eventually(tick, () => sink.offered.length === 1);
    add('b');
    queue.flush();
    nowMs += 1_000;
    delivery.tick();
    expect(await eventually(spooled, (found) => found.length === 2)).toEqual(['a', 'b']);
    release.resolve();
    await sink.hasTaken(2);
    expect(sink.takenIds).toEqual(['a', 'b']);
    await eventually(spooled, (found) => found.length === 0);
    expect(figures().written).toBe(2);
  });

  it('does not touch the disk for a sink that is only busy with its latest batch', async () => {
    const release = deferred();
    sink.onWrite = () => release.promise;
    let appends = 0;
    run({
      files: {
        append: (path, text) => {
          appends++;
          return DISK.append(path, text);
        },
      },
    });
    add('a');
    queue.flush();
    await eventually(tick, () => sink.offered.length === 1);
    delivery.tick();
    release.resolve();
    await queue.close();
    expect(sink.takenIds).toEqual(['a']);
    expect(appends).toBe(0);
  });

  it('finds the one bad record, drops it and writes all others', async () => {
    sink.onWrite = (batch) =>
      batch.records().some(({ record_id }) => record_id === 'bad')
        ? Promise.reject(new Error('bad value'))
        : Promise.resolve();
    run();
    add('a', 'b', 'c', 'bad', 'd', 'e', 'f');
    queue.flush();
    add('g');
    queue.flush();
    await sink.hasTaken(7);
    expect(sink.takenIds).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    expect(sink.offered).toEqual([7, 7, 7, 3, 4, 2, 1, 1, 2, 1]);
    expect(figures()).toMatchObject({ isUp: true, dropped: { ...NONE, rejected: 1 } });
  });

  it('takes nothing apart when it is the place that is at fault', async () => {
    let writes = 0;
    const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    sink.onWrite = () => (++writes < 60 ? Promise.reject(full) : Promise.resolve());
    run();
    add('a', 'b');
    queue.flush();
    await sink.hasTaken(2);
    expect(new Set(sink.offered)).toEqual(new Set([2]));
    expect(figures().dropped).toEqual(NONE);
  });

  it('lets one sink go on while another stands still', async () => {
    const stuck = new ScriptedSink();
    const release = deferred();
    stuck.onWrite = () => release.promise;
    run({ sinks: [stuck, sink] });
    for (const id of ['a', 'b', 'c']) {
      add(id);
      queue.flush();
    }
    await sink.hasTaken(3);
    // Each looks at its own spool before it begins.
    await eventually(
      () => Promise.resolve(stuck.offered.length),
      (offered) => offered > 0,
    );
    expect(stuck.offered).toEqual([1]);
    const queued = () => Promise.resolve(delivery.figures.map((figure) => figure.queued));
    await eventually(queued, ([, ofOther]) => ofOther === 0);
    expect(await queued()).toEqual([3, 0]);
    release.resolve();
  });

  it('drops and counts the newest when neither memory nor spool has room', async () => {
    sink.onOpen = () => Promise.reject(new Error('down'));
    run({ maxRecords: 8, maxSpoolBytes: 0 });
    for (let count = 0; count < 20; count++) add(`r${count}`);
    // Each of these tries follows a look at the spool.
    await eventually(tick, () => sink.opened > 5);
    for (let count = 20; count < 24; count++) add(`r${count}`);
    expect(figures().queued).toBe(8);
    const { overflow, spool_full: spoolFull } = figures().dropped;
    expect(overflow + spoolFull).toBe(16);
    expect(spoolFull).toBeGreaterThanOrEqual(4);
    sink.onOpen = () => Promise.resolve();
    await sink.hasTaken(8);
    expect(sink.takenIds).toEqual(Array.from({ length: 8 }, (_, index) => `r${index}`));
  });

  it('keeps what is spooled, and the order, when the disk is full, and goes on when it is not', async () => {
    let isFull = false;
    let refusals = 0;
    sink.onOpen = () => Promise.reject(new Error('down'));
    run({
      maxRecords: 4,
      files: {
        append: async (path, text) => {
          if (!isFull) return DISK.append(path, text);
          // What a disk does that fills up: a part is written.
          await DISK.append(path, text.slice(0, 100));
          refusals++;
          throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
        },
      },
    });
    add('a');
    await eventually(spooled, (found) => found.length === 1);
    isFull = true;
    for (const id of ['b', 'c', 'd', 'e']) add(id);
    await eventually(tick, () => refusals > 2);
    add('lost');
    expect(figures()).toMatchObject({ queued: 4, dropped: { ...NONE, disk: 1 } });
    expect((await spooled())[0]).toBe('a');
    isFull = false;
    await eventually(spooled, (found) => found.length === 5);
    sink.onOpen = () => Promise.resolve();
    await sink.hasTaken(5);
    expect(sink.takenIds).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(figures().dropped).toEqual({ ...NONE, disk: 1 });
  });

  it('writes what is left before it ends', async () => {
    run();
    add('a');
    await queue.close();
    expect(sink.takenIds).toEqual(['a']);
    expect(sink.isClosed).toBe(true);
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves on disk what a sink that is down did not take, for the next run', async () => {
    sink.onOpen = () => Promise.reject(new Error('down'));
    run();
    add('a', 'b');
    await eventually(tick, () => sink.opened > 0);
    await queue.close();
    expect(await spooled()).toEqual(['a', 'b']);

    sink.onOpen = () => Promise.resolve();
    run({ instance: 'next' });
    add('c');
    queue.flush();
    await sink.hasTaken(3);
    expect(sink.takenIds).toEqual(['a', 'b', 'c']);
    await eventually(spooled, (found) => found.length === 0);
  });

  it('passes over a segment that cannot be read, and leaves it where it is', async () => {
    await mkdir(join(folder, 'before', '00000000000001-00000001-before.jsonl'), {
      recursive: true,
    });
    await writeFile(
      join(folder, 'before', '00000000000002-00000002-before.jsonl'),
      `${JSON.stringify(recordWith({ record_id: 'a' }))}\n`,
    );
    run();
    await sink.hasTaken(1);
    expect(sink.takenIds).toEqual(['a']);
    await queue.close();
    expect(await readdir(folder, { recursive: true })).toEqual([
      'first',
      'first/00000000000001-00000001-before.jsonl',
    ]);
  });

  it('counts records that come when all is over', async () => {
    run();
    await queue.close();
    add('late');
    queue.flush();
    expect(figures().dropped).toEqual({ ...NONE, overflow: 1 });
  });

  it('costs nothing where there is no sink', async () => {
    let looksAtClock = 0;
    run({
      sinks: [],
      wallMs: () => {
        looksAtClock++;
        return nowMs;
      },
    });
    for (let count = 0; count < 2000; count++) add('x');
    queue.flush();
    expect(looksAtClock).toBe(0);
    expect(delivery.figures).toEqual([]);
    await queue.close();
  });

  function run({
    sinks = [sink],
    maxRecords = 10_000,
    maxSpoolBytes = 1_000_000,
    files = {},
    instance = 'first',
    wallMs = () => nowMs,
  }: Setting = {}): void {
    const budget = new SpoolBudget(maxSpoolBytes);
    delivery = new Delivery({
      ...{ sinks, maxRecords, wallMs, random: () => 0 },
      // Time does not matter here: a turn of the event loop, so that the test gets its turn too.
      pause: async () => {
        await setImmediate();
      },
      spoolOf: () =>
        new Spool({
          ...{ path: folder, instance, owner: ownerHere(), wallMs, budget },
          files: { ...DISK, ...files },
        }),
    });
    queue = new RecordQueue(delivery);
    queue.start();
    runs.push(queue);
  }

  function add(...ids: string[]): void {
    for (const id of ids) queue.add(recordWith({ record_id: id }));
  }

  function figures() {
    const [first] = delivery.figures;
    if (first === undefined) throw new Error('there is no sink');
    return first;
  }

  /** The ids of whole records on disk, in order. */
  async function spooled(): Promise<string[]> {
    const files = await readdir(folder, { recursive: true });
    const segments = files.filter((file) => file.endsWith('.jsonl')).sort();
    const texts = await Promise.all(segments.map((file) => textOf(join(folder, file))));
    const lines = texts.join('').split('\n');
    return lines.flatMap((line) => /^\{"record_id":"(.*?)".*\}$/.exec(line)?.[1] ?? []);
  }
});

const NONE = { overflow: 0, spool_full: 0, disk: 0, rejected: 0 };

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

/** A turn of the event loop. */
async function tick(): Promise<void> {
  await setImmediate();
}
