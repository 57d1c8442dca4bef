import { type DuckDBConnection } from '@duckdb/node-api';
import { StoreError } from '../../store/store-error.js';
import { storeError } from './duckdb-failure.js';
import { Turns } from './turns.js';

/** Each holds one of Node's four threads for files and names, which the gateway needs as well. */
const MAX_AT_ONCE = 2;
const MAX_WAITING = 64;

/** A connection of its own for one query, or for several that follow each other. */
export interface DuckDbSession {
  readonly connection: DuckDBConnection;
  /**
   * Does one thing with the connection when it is its turn.
   *
   * @throws StoreError `timed-out`, `busy`, `closed`, or what {@link storeError} makes of a failure of the work.
   */
  readonly step: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** Lets go of the connection. */
  readonly end: () => void;
}

/** Hands out sessions, bounds what they do at once and how long each step takes. */
export class DuckDbSessions {
  readonly #turns = new Turns(MAX_AT_ONCE, MAX_WAITING);
  readonly #connections = new Set<DuckDBConnection>();
  #isClosed = false;

  constructor(
    private readonly connect: () => Promise<DuckDBConnection>,
    private readonly stepBoundMs: number,
  ) {}

  async begin(): Promise<DuckDbSession> {
    const connection = await this.#turns.take(() => this.#connect());
    return {
      connection,
      step: (work) => this.#turns.take(() => this.#bounded(connection, work)),
      end: () => {
        this.#end(connection);
      },
    };
  }

  /** Interrupts what runs, and ends every session. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const connection of this.#connections) connection.interrupt();
    await this.#turns.idle();
    for (const connection of this.#connections) this.#end(connection);
  }

  async #connect(): Promise<DuckDBConnection> {
    if (this.#isClosed) throw closed();
    const connection = await this.connect();
    this.#connections.add(connection);
    return connection;
  }

  async #bounded<Result>(
    connection: DuckDBConnection,
    work: () => Promise<Result>,
  ): Promise<Result> {
    if (this.#isClosed) throw closed();
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      connection.interrupt();
    }, this.stepBoundMs);
    try {
      return await work();
    } catch (cause) {
      throw this.#failure(cause, isLate);
    } finally {
      clearTimeout(timer);
    }
  }

  #failure(cause: unknown, isLate: boolean): StoreError {
    if (this.#isClosed) return closed();
    if (isLate) return new StoreError('timed-out', `took more than ${this.stepBoundMs} ms`);
    return storeError(cause);
  }

  #end(connection: DuckDBConnection): void {
    if (this.#connections.delete(connection)) connection.closeSync();
  }
}

function closed(): StoreError {
  return new StoreError('closed', 'the database file is not open');
}
