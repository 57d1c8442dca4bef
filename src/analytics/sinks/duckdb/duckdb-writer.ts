import { type DuckDBConnection, type DuckDBPreparedStatement } from '@duckdb/node-api';
import { COLUMN_LIST, EXCHANGES } from '../../store/columns.js';
import { storableJson } from '../../store/storable-text.js';
import { storeError } from './duckdb-failure.js';
import { RECORD_STRUCTURE } from './duckdb-schema.js';
import { type OfferedLines } from './offered-lines.js';
import { Turns } from './turns.js';

/**
 * One parameter holds the whole batch: binding a value of each column by itself takes twenty times
 * as long, and on the main thread. JSON text holds no line feed of its own.
 */
const OFFERED = `
  select unnest(from_json(line, '${RECORD_STRUCTURE}'))
  from (select unnest(string_split($1, chr(10))) as line) where line <> ''`;

const INSERT_NEW = `insert into ${EXCHANGES} (${COLUMN_LIST}) ${OFFERED}`;

/** Looks only at rows that started when those of the batch did; row groups keep their range. */
const INSERT_MISSING = `
  insert into ${EXCHANGES} (${COLUMN_LIST})
  select ${COLUMN_LIST} from (${OFFERED}) as offered
  where record_id not in (
    select record_id from ${EXCHANGES}
    where started_at between cast($2 as timestamp) and cast($3 as timestamp))`;

const MAX_WAITING = 8;

/** Writes batches through one connection, one at a time. */
export class DuckDbWriter {
  readonly #turns = new Turns(1, MAX_WAITING);

  /**
   * @param openedAt - as `started_at`. Whatever was offered before the file was opened started
   *   before that, so only a batch with such a record can be a repetition.
   */
  static async prepare(connection: DuckDBConnection, openedAt: string): Promise<DuckDbWriter> {
    return new DuckDbWriter(
      await connection.prepare(INSERT_NEW),
      await connection.prepare(INSERT_MISSING),
      openedAt,
    );
  }

  private constructor(
    private readonly insertNew: DuckDBPreparedStatement,
    private readonly insertMissing: DuckDBPreparedStatement,
    private readonly openedAt: string,
  ) {}

  /**
   * Writes what is not there yet, all or nothing.
   *
   * @throws StoreError `unreachable` for a disk that is full, say; `refused` for a bad record.
   */
  async write(offered: OfferedLines): Promise<void> {
    await this.#turns.take(() => this.#insert(offered));
  }

  /** Resolves when no batch is being written. */
  async idle(): Promise<void> {
    await this.#turns.idle();
  }

  async #insert({ jsonLines, started }: OfferedLines): Promise<void> {
    const isNew = started.from > this.openedAt;
    const insert = isNew ? this.insertNew : this.insertMissing;
    insert.bindVarchar(1, storableJson(jsonLines.toString()));
    if (!isNew) {
      insert.bindVarchar(2, started.from);
      insert.bindVarchar(3, started.to);
    }
    try {
      await insert.run();
    } catch (error) {
      throw storeError(error);
    } finally {
      // Else the text of the batch would stay in memory until the next one.
      insert.clearBindings();
    }
  }
}
