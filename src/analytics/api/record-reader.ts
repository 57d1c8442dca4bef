import { Inject, Injectable, Logger } from '@nestjs/common';
import { type CompiledQuery } from 'kysely';
import { messageOf } from '../../errors/error-message.js';
import { ExchangeError } from '../../exchange/exchange-error.js';
import { EXCHANGE_STORE, type ExchangeStore, type Row } from '../store/exchange-store.js';
import { type RowPieces } from './export/export-stream.js';

/** Soon: what is down is tried again every few seconds, and what is busy answers within ten. */
const RETRY_AFTER_SECONDS = '5';

/** Exports at once: each asks for its next page as soon as its client has read one. */
const MAX_RUNNING = 2;

/** Rows of a page of an export: some five megabytes. A shorter page takes a database nearly as long. */
export const PAGE_ROWS = 5_000;

/** Rows that are written at a time: in less than a millisecond, for which other exchanges wait. */
const PIECE_ROWS = 100;

const NO_STORE =
  'no record can be asked for: settings.analytics.enabled is false, or settings.analytics.sinks has ' +
  'neither {"use":"duckdb"} nor {"use":"postgres"}';

/** Asks the store on behalf of clients, who are told in their terms when it cannot answer. */
@Injectable()
export class RecordReader {
  readonly #logger = new Logger('Analytics');
  #running = 0;

  constructor(@Inject(EXCHANGE_STORE) private readonly store: ExchangeStore | null) {}

  /** @throws ExchangeError `not_found` without a store, `store_unavailable` when it does not answer */
  async rows(query: CompiledQuery): Promise<readonly Row[]> {
    const store = this.#store();
    try {
      return await store.rows(query);
    } catch (error) {
      throw this.#unavailable(error);
    }
  }

  /** The first row of the answer; null where there is none. Throws as {@link rows} does. */
  async row(query: CompiledQuery): Promise<Row | null> {
    const [row = null] = await this.rows(query);
    return row;
  }

  /**
   * All rows of an answer that is asked for page by page, so that no reader, however slow, keeps
   * the store busy or makes it sort more than a page. Whoever stops reading ends the iteration, which
   * throws as {@link rows} does, and `overloaded` while two others are read.
   *
   * @param pageAfter - the query for the rows after that one, at most {@link PAGE_ROWS} of them
   * @throws ExchangeError `not_found` without a store, at once
   */
  pages(pageAfter: (last: Row | null) => CompiledQuery): RowPieces {
    this.#store();
    return this.#pages(pageAfter);
  }

  async *#pages(pageAfter: (last: Row | null) => CompiledQuery): RowPieces {
    if (this.#running >= MAX_RUNNING) {
      const message = `${MAX_RUNNING} exports are running, which is the limit`;
      throw new ExchangeError('overloaded', message, { headers: retryLater() });
    }
    this.#running++;
    try {
      let last: Row | null = null;
      for (;;) {
        const page: readonly Row[] = await this.rows(pageAfter(last));
        for (let at = 0; at < page.length; at += PIECE_ROWS) yield page.slice(at, at + PIECE_ROWS);
        if (page.length < PAGE_ROWS) return;
        last = page.at(-1) ?? null;
      }
    } finally {
      this.#running--;
    }
  }

  #store(): ExchangeStore {
    if (this.store === null) throw new ExchangeError('not_found', NO_STORE);
    return this.store;
  }

  #unavailable(cause: unknown): ExchangeError {
    this.#logger.warn(`the store of records did not answer: ${messageOf(cause)}`);
    const message = 'the store of records does not answer at present; requests are served as ever';
    return new ExchangeError('store_unavailable', message, { cause, headers: retryLater() });
  }
}

function retryLater(): Readonly<Record<string, string>> {
  return { 'retry-after': RETRY_AFTER_SECONDS };
}
