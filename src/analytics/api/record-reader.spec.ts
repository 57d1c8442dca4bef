import { describe, expect, it } from '@jest/globals';
import { type ExchangeStore, type Row } from '../store/exchange-store.js';
import { queries } from '../store/queries.js';
import { StoreError } from '../store/store-error.js';
import { PAGE_ROWS, RecordReader } from './record-reader.js';

const QUERY = queries.selectFrom('sluice_exchanges').selectAll().compile();

const STORE: ExchangeStore = { rows: () => Promise.resolve([{ id: 'x' }]) };

describe('the reader of records', () => {
  it('gives the first row, and null where there is none', async () => {
    expect(await new RecordReader(STORE).row(QUERY)).toEqual({ id: 'x' });
    const empty = { rows: () => Promise.resolve([]) };
    expect(await new RecordReader(empty).row(QUERY)).toBeNull();
  });

  it('says what to add where there is no store', async () => {
    const reader = new RecordReader(null);
    const missing = { code: 'not_found', message: expect.stringContaining('"duckdb"') };
    await expect(reader.rows(QUERY)).rejects.toMatchObject(missing);
    expect(() => reader.pages(() => QUERY)).toThrow(expect.objectContaining(missing));
  });

  it('tells the client when to ask again, and nothing of the cause', async () => {
    const cause = new StoreError('unreachable', 'sentinel-address');
    const reader = new RecordReader({ rows: () => Promise.reject(cause) });
    await expect(reader.rows(QUERY)).rejects.toMatchObject({
      code: 'store_unavailable',
      status: 503,
      headers: { 'retry-after': '5' },
      message: expect.not.stringContaining('sentinel'),
    });
  });

  it('reads two exports at once, and the next when one has been let go of', async () => {
    const reader = new RecordReader(STORE);
    const [first, second] = [reader.pages(() => QUERY), reader.pages(() => QUERY)];
    await first.next();
    await second.next();
    await expect(reader.pages(() => QUERY).next()).rejects.toMatchObject({ code: 'overloaded' });
    await first.return(undefined);
    const third = reader.pages(() => QUERY);
    expect(await third.next()).toEqual({ done: false, value: [{ id: 'x' }] });
    await Promise.all([second.return(undefined), third.return(undefined)]);
  });

  it('asks for page after page, each after the last row of the one before', async () => {
    const table = Array.from({ length: 2 * PAGE_ROWS + 1 }, (_, index) => ({ id: index }));
    const asked: (Row | null)[] = [];
    let at = 0;
    const rows = (): Promise<readonly Row[]> => Promise.resolve(table.slice(at, (at += PAGE_ROWS)));
    const read: Row[] = [];
    const pages = new RecordReader({ rows }).pages((last) => {
      asked.push(last);
      return QUERY;
    });
    for await (const piece of pages) read.push(...piece);
    expect(read).toEqual(table);
    expect(asked).toEqual([null, { id: PAGE_ROWS - 1 }, { id: 2 * PAGE_ROWS - 1 }]);
  });
});
