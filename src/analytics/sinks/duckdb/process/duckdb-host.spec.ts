import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDbAnswer, type DuckDbCall } from './duckdb-call.js';
import { DuckDbHost } from './duckdb-host.js';

const MANY_ROWS = 'select range as number from range(1000)';

let folder: string;
let host: DuckDbHost;
let told: DuckDbAnswer[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-'));
  host = new DuckDbHost(() => Promise.resolve(Buffer.alloc(0)));
  told = [];
});

afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});

const answer = (call: DuckDbCall): Promise<DuckDbAnswer> =>
  host.answer(call, (piece) => told.push(piece));

const open = (): Promise<DuckDbAnswer> =>
  answer({ do: 'open', path: join(folder, 'a.duckdb'), stepBoundMs: null });

const read = (sql: string): Promise<DuckDbAnswer> => answer({ do: 'read', sql, parameters: [] });

describe('DuckDbHost', () => {
  it('answers with a failure before the file is open', async () => {
    const closed = { is: 'failure', kind: 'closed', message: 'the database file is not open' };
    expect(await read(MANY_ROWS)).toEqual(closed);
    expect(await answer({ do: 'delete', startedBeforeMs: 0 })).toEqual(closed);
  });

  it('says that it lives, open or not', async () => {
    expect(await answer({ do: 'ping' })).toEqual({ is: 'done' });
  });

  it('tells rows, and is done then', async () => {
    await open();
    expect(await read('select 7 as n')).toEqual({ is: 'done' });
    expect(told).toEqual([{ is: 'rows', json: '[{"n":7}]' }]);
  });

  it('tells many rows in pieces', async () => {
    await open();
    expect(await read(MANY_ROWS)).toEqual({ is: 'done' });
    const pieces = told.map(rowsIn);
    expect(pieces.map(({ length }) => length)).toEqual([128, 128, 128, 128, 128, 128, 128, 104]);
    expect(pieces.flat()).toEqual(Array.from({ length: 1_000 }, (_, number) => ({ number })));
  });

  it('tells nothing of a query that fails', async () => {
    await open();
    expect(await read('select nothing')).toMatchObject({ is: 'failure', kind: 'refused' });
    expect(told).toEqual([]);
  });
});

function rowsIn(answer: DuckDbAnswer): readonly unknown[] {
  const rows: unknown = answer.is === 'rows' ? JSON.parse(answer.json) : null;
  return Array.isArray(rows) ? Array.from<unknown>(rows) : [];
}
