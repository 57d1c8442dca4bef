import { type DuckDBConnection, type DuckDBInstance } from '@duckdb/node-api';
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { messageOf } from '../../../errors/error-message.js';
import { StoreError } from '../../store/store-error.js';
import { ensureSchema } from './duckdb-schema.js';
import { identityAt, isSameFile } from './file-identity.js';

/** Small, because it shares the machine with the gateway. */
const OPTIONS = {
  memory_limit: '256MB',
  // With more of them than cores they wait for each other: it takes nearly twice as long.
  threads: `${Math.min(2, availableParallelism())}`,
  // Each checkpoint compresses the newest 122,880 rows anew, so not after every few thousand.
  checkpoint_threshold: '64MB',
  // Nothing is fetched from anywhere, and no statement can load code.
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  // As PostgreSQL has it, so that both give the same answers.
  default_null_order: 'nulls_last_on_asc_first_on_desc',
  integer_division: 'true',
};

/** An open database file: an instance, and the connection that writes to it. */
export interface DuckDbFile {
  readonly writer: DuckDBConnection;
  /** A connection for one reader, who closes it. */
  readonly connect: () => Promise<DuckDBConnection>;
  /** Whether its path still leads to it: to a file that was deleted, DuckDB writes on unaware. */
  readonly isInPlace: () => Promise<boolean>;
  /** Closes the writer too. The file is free when the readers' connections are closed as well. */
  readonly close: () => void;
}

/**
 * Opens the file, making it and its folder where they are missing. What a killed process wrote
 * last is recovered from the log beside the file.
 *
 * @throws StoreError `unreachable`, e.g. while another process has the file open.
 */
export async function openDuckDbFile(path: string): Promise<DuckDbFile> {
  const instance = await openInstance(path);
  const connect = (): Promise<DuckDBConnection> => instance.connect();
  try {
    const writer = await connect();
    // Of all connections from now on; it is no option of an instance.
    await writer.run(`set global TimeZone = 'UTC'`);
    await ensureSchema(writer);
    const opened = await identityAt(path);
    const isInPlace = async (): Promise<boolean> => isSameFile(opened, await identityAt(path));
    const close = (): void => {
      writer.closeSync();
      instance.closeSync();
    };
    return { writer, connect, isInPlace, close };
  } catch (cause) {
    instance.closeSync();
    throw unreachable(path, cause);
  }
}

async function openInstance(path: string): Promise<DuckDBInstance> {
  try {
    await mkdir(dirname(path), { recursive: true });
    // 70 MB of native code, which only those load who use it.
    const { DuckDBInstance } = await import('@duckdb/node-api');
    // Two instances of one file in a process would not see each other's lock; this one is shared.
    return await DuckDBInstance.fromCache(path, OPTIONS);
  } catch (cause) {
    throw unreachable(path, cause);
  }
}

function unreachable(path: string, cause: unknown): StoreError {
  return new StoreError('unreachable', `cannot open ${path}: ${messageOf(cause)}`, { cause });
}
