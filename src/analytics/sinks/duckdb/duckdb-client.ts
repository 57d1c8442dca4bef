import { type CompiledQuery } from 'kysely';
import { type ExchangeStore, type Row } from '../../store/exchange-store.js';
import { StoreError } from '../../store/store-error.js';
import { type RecordBatch, type Sink } from '../sink.js';
import { offeredLines } from './offered-lines.js';
import { DuckDbChild } from './process/duckdb-child.js';

const STEP_BOUND_MS = 10_000;

/** The process bounds queries itself; beyond that they wait, or it does not answer at all. */
const READ_MARGIN_MS = 2_000;

/**
 * So long, since at the lowest priority, on a machine without time to spare, a checkpoint takes
 * minutes. A process that hangs is killed long before.
 */
const WRITE_BOUND_MS = 600_000;

/** To start, and to recover what a killed process wrote last: 64 MB at most, at normal priority. */
const OPEN_BOUND_MS = 120_000;

/** The database, and how long its process may take or be silent. */
export interface DuckDbClientConfig {
  /** Of the database file; absolute. */
  readonly path: string;
  /** Longest that a query may take, or a day of a deletion; 10 s. */
  readonly stepBoundMs?: number;
  /** Longest that the process may be silent before it is asked whether it lives; 10 s. */
  readonly silenceMs?: number;
}

/**
 * Keeps records in an embedded DuckDB file, which a process of its own has open: it runs at the
 * lowest priority, from `open()` to `close()`, and may fail without the gateway.
 *
 * ```
 * gateway: DuckDbClient → DuckDbChild
 *              ⇅ calls and answers over IPC    ↓ the text of batches through a pipe
 * process: duckdb-process → DuckDbHost → DuckDbSink ┬→ DuckDbWriter, writes ─────┬→ DuckDbFile
 *                                                   └→ DuckDbSessions, all else ─┘
 * ```
 */
export function createDuckDbClient(config: DuckDbClientConfig, name: string): Sink & ExchangeStore {
  return new DuckDbClient(config, name);
}

class DuckDbClient implements Sink, ExchangeStore {
  #child: DuckDbChild | null = null;

  constructor(
    private readonly config: DuckDbClientConfig,
    readonly name: string,
  ) {}

  /** Starts a process each time, as the one before may have failed in any way. */
  async open(): Promise<void> {
    await this.close();
    const { path, stepBoundMs = null } = this.config;
    const child = new DuckDbChild(this.config.silenceMs);
    this.#child = child;
    try {
      await child.call({ do: 'open', path, stepBoundMs }, OPEN_BOUND_MS);
    } catch (error) {
      await child.end();
      throw error;
    }
  }

  async write(batch: RecordBatch): Promise<void> {
    const child = this.#running();
    const offered = offeredLines(batch);
    if (offered !== null) await child.write(offered, WRITE_BOUND_MS);
  }

  async deleteBefore(startedBeforeMs: number): Promise<void> {
    await this.#running().call({ do: 'delete', startedBeforeMs }, WRITE_BOUND_MS);
  }

  async rows({ sql, parameters }: CompiledQuery): Promise<readonly Row[]> {
    const boundMs = (this.config.stepBoundMs ?? STEP_BOUND_MS) + READ_MARGIN_MS;
    return this.#running().call({ do: 'read', sql, parameters }, boundMs);
  }

  async close(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    await child?.end();
  }

  #running(): DuckDbChild {
    if (this.#child !== null) return this.#child;
    throw new StoreError('closed', 'the database file is not open');
  }
}
