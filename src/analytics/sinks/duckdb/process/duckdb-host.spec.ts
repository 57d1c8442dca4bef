import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDbAnswer } from './duckdb-call.js';
import { DuckDbHost } from './duckdb-host.js';

const MANY_ROWS = 'select range as number from range(1000)';

let folder: string;
let host: DuckDbHost;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-'));
  host = new DuckDbHost(() => Promise.resolve(''));
});

afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});

const open = (): Promise<DuckDbAnswer> =>
  host.answer({ do: 'open', path: join(folder, 'a.duckdb'), stepBoundMs: null });

const read = (reader: number, sql: string): Promise<DuckDbAnswer> =>
  host.answer({ do: 'read', reader, sql, parameters: [] });

describe('DuckDbHost', () => {
  it('answers with a failure before the file is open', async () => {
    const closed = { is: 'failure', kind: 'closed', message: 'the database file is not open' };
    expect(await read(1, MANY_ROWS)).toEqual(closed);
    expect(await host.answer({ do: 'delete', startedBeforeMs: 0 })).toEqual(closed);
  });

  it('says that it lives, open or not', async () => {
    expect(await host.answer({ do: 'ping' })).toEqual({ is: 'done' });
  });

  it('gives rows when they are asked for, and then none', async () => {
    await open();
    expect(await read(1, 'select 7 as n')).toEqual({ is: 'rows', json: '[{"n":7}]' });
    expect(await host.answer({ do: 'read-on', reader: 1 })).toEqual({ is: 'done' });
    expect(await host.answer({ do: 'read-on', reader: 1 })).toEqual({ is: 'done' });
  });

  it('has 64 readers at most, until one leaves', async () => {
    await open();
    for (let reader = 0; reader < 64; reader++) {
      expect(await read(reader, MANY_ROWS)).toMatchObject({ is: 'rows' });
    }
    expect(await read(64, MANY_ROWS)).toMatchObject({ is: 'failure', kind: 'busy' });
    await host.answer({ do: 'leave', reader: 0 });
    expect(await read(64, MANY_ROWS)).toMatchObject({ is: 'rows' });
  });

  it('forgets a reader whose query failed', async () => {
    await open();
    for (let reader = 0; reader < 65; reader++) {
      expect(await read(reader, 'select nothing')).toMatchObject({ kind: 'refused' });
    }
  });
});
