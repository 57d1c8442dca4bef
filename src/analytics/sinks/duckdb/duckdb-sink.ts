import { type ExchangeStore, type Row } from '../../store/exchange-store.js';
import { StoreError } from '../../store/store-error.js';
import { type RecordBatch, type Sink } from '../sink.js';
import { type DuckDbFile, openDuckDbFile } from './duckdb-file.js';
import { rowsOf, type Statement } from './duckdb-query.js';
import { deleteByDay } from './duckdb-retention.js';
import { DuckDbSessions } from './duckdb-sessions.js';
import { DuckDbWriter } from './duckdb-writer.js';
import { type OfferedLines, offeredLines } from './offered-lines.js';

const STEP_BOUND_MS = 10_000;

/** The database, and how long a step in it may take. */
export interface DuckDbSinkConfig {
  /** Of the database file; absolute. */
  readonly path: string;
  /** Longest that a query may take, or a day of a deletion; 10 s. */
  readonly stepBoundMs?: number;
  /** Wall clock in ms since 1970. */
  readonly nowMs?: () => number;
}

/** Takes batches and queries also as they travel between processes. */
export interface DuckDbStore extends Sink, ExchangeStore {
  /**
   * @throws StoreError `unreachable` when the file was moved or deleted, or cannot be written; it is
   *   to be opened anew.
   */
  writeLines(offered: OfferedLines): Promise<void>;
  rows(query: Statement): Promise<readonly Row[]>;
}

/**
 * Keeps records in an embedded DuckDB file, which this process alone has open. A gateway has
 * another process do that, see `createDuckDbClient`.
 */
export function createDuckDbSink(config: DuckDbSinkConfig, name: string): DuckDbStore {
  return new DuckDbSink(config, name);
}

interface OpenState {
  readonly file: DuckDbFile;
  readonly writer: DuckDbWriter;
  readonly sessions: DuckDbSessions;
}

class DuckDbSink implements DuckDbStore {
  #open: OpenState | null = null;

  constructor(
    private readonly config: DuckDbSinkConfig,
    readonly name: string,
  ) {}

  async open(): Promise<void> {
    // After a fatal failure, a full disk say, a database serves nobody until it is opened anew.
    await this.close();
    const openedAt = new Date(this.config.nowMs?.() ?? Date.now()).toISOString();
    const file = await openDuckDbFile(this.config.path);
    try {
      const writer = await DuckDbWriter.prepare(file.writer, openedAt);
      const sessions = new DuckDbSessions(file.connect, this.config.stepBoundMs ?? STEP_BOUND_MS);
      this.#open = { file, writer, sessions };
    } catch (error) {
      file.close();
      throw error;
    }
  }

  async write(batch: RecordBatch): Promise<void> {
    const offered = offeredLines(batch);
    if (offered !== null) await this.writeLines(offered);
  }

  async writeLines(offered: OfferedLines): Promise<void> {
    const { file, writer } = this.#state();
    if (!(await file.isInPlace())) {
      throw new StoreError('unreachable', `${this.config.path} was moved or deleted`);
    }
    await writer.write(offered);
  }

  async deleteBefore(startedBeforeMs: number): Promise<void> {
    const session = await this.#state().sessions.begin();
    try {
      await deleteByDay(session, startedBeforeMs);
    } finally {
      session.end();
    }
  }

  async rows(query: Statement): Promise<readonly Row[]> {
    const session = await this.#state().sessions.begin();
    try {
      return await rowsOf(session, query);
    } finally {
      session.end();
    }
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    if (open === null) return;
    await open.writer.idle();
    await open.sessions.close();
    open.file.close();
  }

  #state(): OpenState {
    if (this.#open !== null) return this.#open;
    throw new StoreError('closed', 'the database file is not open');
  }
}
