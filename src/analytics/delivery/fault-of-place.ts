import { StoreError } from '../store/store-error.js';

/** Causes are followed this deep: a chain may be long, or a ring. */
const MAX_DEPTH = 4;

const TOO_MANY_REQUESTS = 429;
const FIRST_SERVER_ERROR = 500;

/**
 * Whether an error is about the place where records were to go, and says nothing of the records.
 * Such are errors of the system (`ENOSPC`, `EACCES`, `ECONNREFUSED`, …), a store that is out of
 * reach, an HTTP status that says "not now", and whatever one of them caused.
 */
export function isFaultOfPlace(error: unknown): boolean {
  return isOfPlace(error, MAX_DEPTH);
}

function isOfPlace(error: unknown, depth: number): boolean {
  if (typeof error !== 'object' || error === null || depth === 0) return false;
  if (error instanceof StoreError && error.kind !== 'refused') return true;
  return (
    isCodeOfPlace('code' in error ? error.code : null) ||
    causesOf(error).some((cause) => isOfPlace(cause, depth - 1))
  );
}

function causesOf(error: object): readonly unknown[] {
  const others: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  return 'cause' in error ? [error.cause, ...others] : others;
}

/** @param code - of the system, in text, or the status of an HTTP reply */
function isCodeOfPlace(code: unknown): boolean {
  if (typeof code === 'number') return code === TOO_MANY_REQUESTS || code >= FIRST_SERVER_ERROR;
  return typeof code === 'string' && /^E[A-Z0-9]{2,}$/.test(code);
}
