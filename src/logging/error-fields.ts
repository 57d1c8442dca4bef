import { codeOf } from '../errors/error-code.js';

/** What a log line says about an error. */
export interface ErrorFields {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: ErrorFields;
}

/** Causes are followed this deep: a chain may be long, or a ring. */
const MAX_CAUSES = 4;

/**
 * Picks the loggable fields of whatever was thrown: name, message, code, stack, and the same of
 * its causes, at most four deep.
 *
 * Fields are named, never copied: HTTP clients hang the request with its headers on their errors,
 * and a header may be a key.
 */
export function errorFields(thrown: unknown): ErrorFields {
  return fieldsOf(thrown, MAX_CAUSES);
}

function fieldsOf(thrown: unknown, causesLeft: number): ErrorFields {
  if (!(thrown instanceof Error))
    return { type: typeof thrown, message: typeof thrown === 'string' ? thrown : '' };
  const code = codeOf(thrown);
  const hasCause = thrown.cause !== undefined && causesLeft > 0;
  return {
    type: thrown.name,
    message: thrown.message,
    ...(code === null ? {} : { code }),
    ...(thrown.stack === undefined ? {} : { stack: thrown.stack }),
    ...(hasCause ? { cause: fieldsOf(thrown.cause, causesLeft - 1) } : {}),
  };
}
