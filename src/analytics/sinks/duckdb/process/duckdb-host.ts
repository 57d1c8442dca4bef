import { StoreError } from '../../../store/store-error.js';
import { type Statement } from '../duckdb-query.js';
import { createDuckDbSink, type DuckDbStore } from '../duckdb-sink.js';
import { type OfferedLines } from '../offered-lines.js';
import { type DuckDbAnswer, type DuckDbCall, failureOf } from './duckdb-call.js';

/** Takes the gateway about a millisecond to read, in which no exchange goes on. */
const ROWS_PER_PIECE = 128;

const DONE: DuckDbAnswer = { is: 'done' };

type Tell = (answer: DuckDbAnswer) => void;

/** Does what is asked of the process, with one database file. */
export class DuckDbHost {
  #store: DuckDbStore | null = null;

  /** @param take - gives the next batch, which has so many bytes. */
  constructor(private readonly take: (bytes: number) => Promise<Buffer>) {}

  /**
   * Never rejects: a failure is an answer.
   *
   * @param tell - takes the rows that come before the last answer, piece by piece.
   */
  async answer(call: DuckDbCall, tell: Tell): Promise<DuckDbAnswer> {
    try {
      return await this.#do(call, tell);
    } catch (error) {
      return failureOf(error);
    }
  }

  /** Lets a batch that is being written come to its end, interrupts queries, closes the file. */
  async close(): Promise<void> {
    await this.#store?.close();
  }

  async #do(call: DuckDbCall, tell: Tell): Promise<DuckDbAnswer> {
    switch (call.do) {
      case 'open':
        await this.#open(call.path, call.stepBoundMs);
        return DONE;
      case 'write':
        await this.#write({ ...call.marks, jsonLines: await this.take(call.bytes) });
        return DONE;
      case 'delete':
        await this.#opened().deleteBefore?.(call.startedBeforeMs);
        return DONE;
      case 'read':
        await this.#read(call, tell);
        return DONE;
      case 'ping':
        return DONE;
      default: {
        const exhaustiveCheck: never = call;
        return exhaustiveCheck;
      }
    }
  }

  async #open(path: string, stepBoundMs: number | null): Promise<void> {
    const bounds = stepBoundMs === null ? {} : { stepBoundMs };
    this.#store ??= createDuckDbSink({ path, ...bounds }, 'duckdb');
    await this.#store.open();
  }

  async #write(offered: OfferedLines): Promise<void> {
    await this.#opened().writeLines(offered);
  }

  #opened(): DuckDbStore {
    if (this.#store !== null) return this.#store;
    throw new StoreError('closed', 'the database file is not open');
  }

  async #read(query: Statement, tell: Tell): Promise<void> {
    const rows = await this.#opened().rows(query);
    for (let at = 0; at < rows.length; at += ROWS_PER_PIECE) {
      tell({ is: 'rows', json: JSON.stringify(rows.slice(at, at + ROWS_PER_PIECE)) });
    }
  }
}
