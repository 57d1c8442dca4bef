import { messageOf } from '../../../errors/error-message.js';
import { StoreError } from '../../store/store-error.js';

/**
 * DuckDB's errors have no code; their messages begin with the name of their type
 * (`ExceptionTypeToString` in its `exception.cpp`). These tell of the file, and nothing of the
 * statement: it cannot be read or written, a commit failed, the database serves nobody any more.
 */
const UNREACHABLE_TYPES = /^(?:IO|TransactionContext|FATAL) Error: /;

/** Tells what a failure of DuckDB means. */
export function storeError(failure: unknown): StoreError {
  if (failure instanceof StoreError) return failure;
  const why = messageOf(failure);
  const kind = UNREACHABLE_TYPES.test(why) ? 'unreachable' : 'refused';
  return new StoreError(kind, why, { cause: failure });
}
