import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  recordBatch,
  recordWith,
  textBatch,
} from '../../../../test/support/analytics/exchange-records.js';
import { isFaultOfPlace } from '../../delivery/fault-of-place.js';
import { type RecordBatch, type Sink } from '../sink.js';
import { createFileSink, type FileSinkConfig } from './file-sink.js';

describe('createFileSink', () => {
  let folder: string;
  let path: string;
  let sinks: Sink[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-file-'));
    path = join(folder, 'logs', 'exchanges.jsonl');
    sinks = [];
  });

  afterEach(async () => {
    for (const sink of sinks) await sink.close();
    await rm(folder, { recursive: true });
  });

  it('writes a line for each record, in a folder that it makes', async () => {
    const sink = await opened();
    const record = recordWith({ tenant: 'ünï "x"\n' });
    await sink.write(recordBatch([record, recordWith()]));
    const lines = (await readFile(path, 'utf8')).split('\n');
    expect(lines).toHaveLength(3);
    expect(JSON.parse(lines[0] ?? '')).toEqual(record);
  });

  it('appends to what is there', async () => {
    await (await opened()).write(lines('a'));
    await (await opened()).write(lines('b'));
    expect(await text()).toBe('a\nb\n');
  });

  it('begins another file when one is full, and keeps so many', async () => {
    const sink = await opened({ rotateBytes: 4, keep: 2 });
    for (const line of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) await sink.write(lines(line));
    expect(await text()).toBe('g\n');
    expect(await text('.1')).toBe('e\nf\n');
    expect(await text('.2')).toBe('c\nd\n');
    expect(await readdir(join(folder, 'logs'))).toHaveLength(3);
  });

  it('keeps no other file where none is wanted', async () => {
    const sink = await opened({ rotateBytes: 2, keep: 0 });
    for (const line of ['a', 'b']) await sink.write(lines(line));
    expect(await text()).toBe('b\n');
    expect(await readdir(join(folder, 'logs'))).toEqual(['exchanges.jsonl']);
  });

  it('writes a batch that is larger than a file may be', async () => {
    const sink = await opened({ rotateBytes: 2, keep: 1 });
    await sink.write(lines('long'));
    expect(await text()).toBe('long\n');
  });

  it('divides a batch among files at the ends of lines', async () => {
    const sink = await opened({ rotateBytes: 5, keep: 5 });
    await sink.write(lines('a'));
    await sink.write(lines('b', 'c', 'longer', 'd', 'e'));
    expect(await text('.3')).toBe('a\nb\n');
    expect(await text('.2')).toBe('c\n');
    expect(await text('.1')).toBe('longer\n');
    expect(await text()).toBe('d\ne\n');
  });

  it('goes on where it was when a batch is offered again of which a part is written', async () => {
    const sink = await opened({ rotateBytes: 4, keep: 1 });
    const batch = lines('a', 'b', 'c');
    // In the way of the second file.
    await mkdir(`${path}.1`);
    await expect(sink.write(batch)).rejects.toMatchObject({ code: 'EISDIR' });
    expect(await text()).toBe('a\nb\n');
    await rm(`${path}.1`, { recursive: true });
    await sink.open();
    await sink.write(batch);
    expect(await text('.1')).toBe('a\nb\n');
    expect(await text()).toBe('c\n');
    await sink.write(lines('a'));
    expect(await text()).toBe('c\na\n');
  });

  it('goes on in a new file when its own is moved away', async () => {
    const sink = await opened();
    await sink.write(lines('a'));
    await rename(path, `${path}.moved`);
    await sink.write(lines('b'));
    expect(await text('.moved')).toBe('a\n');
    expect(await text()).toBe('b\n');
  });

  it('goes on in the same file when it is emptied', async () => {
    const sink = await opened({ rotateBytes: 4, keep: 1 });
    await sink.write(lines('a'));
    await truncate(path);
    await sink.write(lines('b'));
    await sink.write(lines('c'));
    expect(await text()).toBe('b\nc\n');
  });

  it.each(['{"record_id', 'x'.repeat(200_000)])(
    'removes the line that a killed process left torn',
    async (torn) => {
      await (await opened()).write(lines('whole'));
      await appendFile(path, torn);
      await (await opened()).write(lines('next'));
      expect(await text()).toBe('whole\nnext\n');
    },
  );

  it('removes a torn line that is all there is', async () => {
    await (await opened()).write(lines('a'));
    await writeFile(path, 'torn');
    await (await opened()).write(lines('b'));
    expect(await text()).toBe('b\n');
  });

  it('says that the place is at fault when the disk is full', async () => {
    const sink = createFileSink({ path: '/dev/full', rotateBytes: 10, keep: 1 }, 'file');
    sinks.push(sink);
    await sink.open();
    const error: unknown = await sink.write(lines('a')).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'ENOSPC' });
    expect(isFaultOfPlace(error)).toBe(true);
  });

  it('rejects when the path is a folder', async () => {
    await expect(opened({ path: folder })).rejects.toMatchObject({ code: 'EISDIR' });
  });

  async function opened(choice: Partial<FileSinkConfig> = {}): Promise<Sink> {
    const sink = createFileSink({ path, rotateBytes: 1_000_000, keep: 5, ...choice }, 'file');
    sinks.push(sink);
    await sink.open();
    return sink;
  }

  async function text(suffix = ''): Promise<string> {
    return readFile(path + suffix, 'utf8');
  }
});

/** The sink writes whatever lines a batch has. */
function lines(...texts: string[]): RecordBatch {
  return textBatch(texts.map((text) => `${text}\n`).join(''));
}
