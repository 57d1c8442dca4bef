import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { type Row } from '../../store/exchange-store.js';
import { CSV, JSON_LINES } from './export-format.js';
import { exportStream, type RowPieces } from './export-stream.js';

/** Rows from a store that notes how many pieces were asked for, and when it was let go of. */
function scriptedPieces(count: number, row: Row = { id: 'x' }) {
  const seen = { asked: 0, isReleased: false };
  async function* pieces(): RowPieces {
    try {
      for (; seen.asked < count;) {
        seen.asked++;
        yield await Promise.resolve([row]);
      }
    } finally {
      seen.isReleased = true;
    }
  }
  return { pieces: pieces(), seen };
}

const LARGE_ROW = { id: 'x'.repeat(50_000) };

describe('an export', () => {
  it('holds every row, and then lets go of the store', async () => {
    const { pieces, seen } = scriptedPieces(3);
    const stream = await exportStream(pieces, JSON_LINES);
    expect(await text(stream)).toBe('{"id":"x"}\n{"id":"x"}\n{"id":"x"}\n');
    expect(seen.isReleased).toBe(true);
  });

  it('begins with the names of the columns, also where there is no row', async () => {
    const { pieces } = scriptedPieces(0);
    expect(await text(await exportStream(pieces, CSV))).toBe(CSV.head);
  });

  it('reads from the store no faster than it is read', async () => {
    const { pieces, seen } = scriptedPieces(1_000, LARGE_ROW);
    const stream = await exportStream(pieces, JSON_LINES);
    await once(stream, 'readable');
    // What fits into the stream's buffer of 64 KiB, and what waits to be put there.
    expect(seen.asked).toBeLessThanOrEqual(4);
    const closed = once(stream, 'close');
    stream.destroy();
    await closed;
    expect(seen.isReleased).toBe(true);
  });

  it('lets go of the store when nobody ever read it', async () => {
    const { pieces, seen } = scriptedPieces(5);
    const stream = await exportStream(pieces, JSON_LINES);
    const closed = once(stream, 'close');
    stream.destroy();
    await closed;
    await Promise.resolve();
    expect(seen.isReleased).toBe(true);
  });

  it('ends with an error when its reader stalls', async () => {
    const { pieces, seen } = scriptedPieces(1_000, LARGE_ROW);
    const stream = await exportStream(pieces, JSON_LINES, { stallMs: 1 });
    stream.read(0);
    const [error] = (await once(stream, 'error')) as [Error];
    expect(error.name).toBe('AbortError');
    expect(seen.isReleased).toBe(true);
  });

  it('fails before it begins when the store is down', async () => {
    // eslint-disable-next-line require-yield -- it never comes to that
    async function* down(): RowPieces {
      await Promise.resolve();
      throw new Error('down');
    }
    await expect(exportStream(down(), CSV)).rejects.toThrow('down');
  });
});
