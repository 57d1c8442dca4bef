import { Logger } from '@nestjs/common';
import { Readable } from 'node:stream';
import { type Row } from '../../store/exchange-store.js';
import { type ExportFormat } from './export-format.js';

const logger = new Logger('Analytics');

/** Longest that a client may leave a piece unread: others wait for their turn. */
const STALL_MS = 60_000;

/** Rows that come in pieces, and that may be let go of before the last. */
export type RowPieces = AsyncGenerator<readonly Row[], undefined>;

/**
 * The text of an export, read from the store no faster than the client reads. Waits for the first
 * rows, so that a store that is down is an error, and not half a file.
 *
 * @param pieces - let go of when the client leaves, or reads nothing for `stallMs`
 */
export async function exportStream(
  pieces: RowPieces,
  format: ExportFormat,
  { stallMs = STALL_MS }: { readonly stallMs?: number } = {},
): Promise<Readable> {
  const first = await pieces.next();
  const stalled = new AbortController();
  const texts = watched(textsOf(first, pieces, format), stallMs, () => {
    stalled.abort();
  });
  const stream = Readable.from(texts, { objectMode: false, signal: stalled.signal });
  // Not in a `finally` above: a generator whose first value nobody asked for never runs it.
  stream.once('close', () => {
    pieces.return(undefined).catch((error: unknown) => {
      logger.warn(`an export was not closed well: ${String(error)}`);
    });
  });
  return stream;
}

async function* textsOf(
  first: IteratorResult<readonly Row[], undefined>,
  rest: RowPieces,
  { head, line }: ExportFormat,
): AsyncGenerator<string> {
  if (head !== '') yield head;
  if (first.done === true) return;
  yield first.value.map(line).join('');
  for await (const rows of rest) yield rows.map(line).join('');
}

/** @param onStall - called when a value is not asked to be followed by the next for so long */
async function* watched(
  texts: AsyncGenerator<string>,
  stallMs: number,
  onStall: () => void,
): AsyncGenerator<string> {
  for await (const text of texts) {
    const timer = setTimeout(onStall, stallMs);
    try {
      yield text;
    } finally {
      clearTimeout(timer);
    }
  }
}
