import { codeOf } from '../../../errors/error-code.js';
import { StoreError } from '../../store/store-error.js';

// PostgreSQL documentation, appendix A.
const SQLSTATE = /^[0-9A-Z]{5}$/;
const QUERY_CANCELED = '57014';
/** A server that a failover has left behind as a standby: the pool may reach the new one next. */
const READ_ONLY_TRANSACTION = '25006';
/**
 * What tells of the server, and nothing of the statement: connection exceptions, who may connect and
 * to which database, too few resources, objects in use, operator intervention (it stops, or is not
 * ready yet), errors of its system.
 */
const UNREACHABLE_CLASSES: readonly string[] = ['08', '28', '3D', '53', '55', '57', '58'];

/**
 * Tells what a failure of the driver means. Nothing of the driver's error but its message is kept:
 * for a URL that cannot be parsed it holds the URL, and so the password.
 */
export function storeError(failure: unknown): StoreError {
  if (failure instanceof StoreError) return failure;
  const code = codeOf(failure);
  if (code === null) return unreachable(messageOf(failure));
  if (!SQLSTATE.test(code)) return unreachable(code);
  if (code === QUERY_CANCELED) return new StoreError('timed-out', messageOf(failure));
  return isOfServer(code)
    ? unreachable(messageOf(failure))
    : new StoreError('refused', messageOf(failure));
}

function isOfServer(code: string): boolean {
  return code === READ_ONLY_TRANSACTION || UNREACHABLE_CLASSES.includes(code.slice(0, 2));
}

function unreachable(why: string): StoreError {
  return new StoreError('unreachable', `PostgreSQL cannot be reached: ${why}`);
}

function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : 'an unknown failure';
}
