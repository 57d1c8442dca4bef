import { type CompiledQuery } from 'kysely';
import { type Pool } from 'pg';
import { type Secret } from '../../../config/secret.js';
import { type ExchangeStore, type Row } from '../../store/exchange-store.js';
import { StoreError } from '../../store/store-error.js';
import { type RecordBatch, type Sink } from '../sink.js';
import { storeError } from './postgres-failure.js';
import { INSERT, insertedJson } from './postgres-insert.js';
import { createPool } from './postgres-pool.js';
import { deleteInSteps } from './postgres-retention.js';

const STATEMENT_MS = 10_000;

/** Connections to write by: one inserts while another deletes. */
const MAX_WRITING = 2;
/** Connections to query by, of their own: queries must not keep records from being written. */
const MAX_ASKING = 4;

/** The database, and how long a statement may take. */
export interface PostgresSinkConfig {
  readonly url: Secret;
  /** Longest that a statement may take; 10 s. */
  readonly statementMs?: number;
}

/** Keeps records in PostgreSQL, to which other replicas may write at the same time. */
export function createPostgresSink(config: PostgresSinkConfig, name: string): Sink & ExchangeStore {
  return new PostgresSink(config, name);
}

/** What is open from `open()` to `close()`. */
interface OpenState {
  readonly writing: Pool;
  readonly asking: Pool;
  readonly closing: AbortController;
}

class PostgresSink implements Sink, ExchangeStore {
  #open: OpenState | null = null;

  constructor(
    private readonly config: PostgresSinkConfig,
    readonly name: string,
  ) {}

  async open(): Promise<void> {
    await withStoreErrors(async () => {
      // Kysely is loaded only by those who use it.
      const { migrate } = await import('./postgres-migrations.js');
      await migrate(this.config.url);
      this.#open ??= await this.#connected();
    });
  }

  async write({ count, jsonLines }: RecordBatch): Promise<void> {
    if (count === 0) return;
    const { writing } = this.#state();
    await withStoreErrors(() => writing.query(INSERT, [insertedJson(jsonLines.toString())]));
  }

  async deleteBefore(startedBeforeMs: number): Promise<void> {
    const { writing, closing } = this.#state();
    await withStoreErrors(() => deleteInSteps(writing, startedBeforeMs, closing.signal));
  }

  async rows({ sql, parameters }: CompiledQuery): Promise<readonly Row[]> {
    const { asking } = this.#state();
    const { rows } = await withStoreErrors(() => asking.query<Row>(sql, [...parameters]));
    return rows;
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    if (open === null) return;
    open.closing.abort();
    await Promise.allSettled([open.writing.end(), open.asking.end()]);
  }

  async #connected(): Promise<OpenState> {
    const { url, statementMs = STATEMENT_MS } = this.config;
    return {
      writing: await createPool(url, { maxConnections: MAX_WRITING, statementMs }),
      asking: await createPool(url, { maxConnections: MAX_ASKING, statementMs }),
      closing: new AbortController(),
    };
  }

  #state(): OpenState {
    if (this.#open !== null) return this.#open;
    throw new StoreError('closed', 'PostgreSQL has not been connected to');
  }
}

/** Does the work; what the driver throws in it becomes a StoreError. */
async function withStoreErrors<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (failure) {
    throw storeError(failure);
  }
}
