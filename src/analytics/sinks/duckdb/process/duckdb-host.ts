import { type Row } from '../../../store/exchange-store.js';
import { StoreError } from '../../../store/store-error.js';
import { type Statement } from '../duckdb-query.js';
import { createDuckDbSink, type DuckDbStore } from '../duckdb-sink.js';
import { type OfferedLines } from '../offered-lines.js';
import { type DuckDbAnswer, type DuckDbCall, failureOf } from './duckdb-call.js';

/** Each holds a connection, and what DuckDB has read ahead for it. */
const MAX_READERS = 64;

const DONE: DuckDbAnswer = { is: 'done' };

type Reader = AsyncIterator<readonly Row[]>;

/** Does what is asked of the process, with one database file. */
export class DuckDbHost {
  readonly #readers = new Map<number, Reader>();
  #store: DuckDbStore | null = null;

  /** @param textOf - gives the text of the next batch, which has so many bytes. */
  constructor(private readonly textOf: (bytes: number) => Promise<string>) {}

  /** Never rejects: a failure is an answer. */
  async answer(call: DuckDbCall): Promise<DuckDbAnswer> {
    try {
      return await this.#do(call);
    } catch (error) {
      return failureOf(error);
    }
  }

  /** Lets a batch that is being written come to its end, interrupts readers, closes the file. */
  async close(): Promise<void> {
    await this.#store?.close();
  }

  async #do(call: DuckDbCall): Promise<DuckDbAnswer> {
    switch (call.do) {
      case 'open':
        await this.#open(call.path, call.stepBoundMs);
        return DONE;
      case 'write':
        await this.#write({ ...call.marks, jsonLines: await this.textOf(call.bytes) });
        return DONE;
      case 'delete':
        await this.#opened().deleteBefore?.(call.startedBeforeMs);
        return DONE;
      case 'read':
        this.#begin(call.reader, call);
        return this.#next(call.reader);
      case 'read-on':
        return this.#next(call.reader);
      case 'leave':
        await this.#leave(call.reader);
        return DONE;
      case 'ping':
        return DONE;
      default: {
        const unheardOf: never = call;
        return unheardOf;
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

  #begin(reader: number, query: Statement): void {
    if (this.#readers.size >= MAX_READERS) {
      throw new StoreError('busy', `${MAX_READERS} queries are being read already`);
    }
    this.#readers.set(reader, this.#opened().stream(query)[Symbol.asyncIterator]());
  }

  async #next(reader: number): Promise<DuckDbAnswer> {
    const rows = this.#readers.get(reader);
    if (rows === undefined) return DONE;
    try {
      const step = await rows.next();
      if (step.done !== true) return { is: 'rows', json: JSON.stringify(step.value) };
    } catch (error) {
      this.#readers.delete(reader);
      throw error;
    }
    this.#readers.delete(reader);
    return DONE;
  }

  async #leave(reader: number): Promise<void> {
    const rows = this.#readers.get(reader);
    this.#readers.delete(reader);
    await rows?.return?.();
  }
}
