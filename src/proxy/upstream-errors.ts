import { type AttemptFailureKind } from '../backends/state/attempt-failure.js';
import { codeOf } from '../errors/error-code.js';
import { isExhaustion } from '../errors/exhaustion.js';
import { ExchangeError } from '../exchange/exchange-error.js';
import { UpstreamFailure } from './upstream-failure.js';

/** How far an attempt had come. */
export type UpstreamStage = 'connecting' | 'sent' | 'replying';

const KINDS: ReadonlyMap<string, AttemptFailureKind> = new Map([
  ['ECONNREFUSED', 'refused'],
  ['ENOTFOUND', 'unknown-host'],
  ['EAI_AGAIN', 'unknown-host'],
  ['EAI_FAIL', 'unknown-host'],
  ['EAI_NODATA', 'unknown-host'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['EADDRNOTAVAIL', 'unreachable'],
  ['ETIMEDOUT', 'unreachable'],
  ['ECONNRESET', 'closed'],
  ['EPIPE', 'closed'],
  ['UND_ERR_SOCKET', 'closed'],
  ['UND_ERR_HEADERS_OVERFLOW', 'malformed'],
  ['UND_ERR_INVALID_ARG', 'unsendable'],
  ['UND_ERR_NOT_SUPPORTED', 'unsendable'],
  ['UND_ERR_REQ_CONTENT_LENGTH_MISMATCH', 'client'],
]);

/** Sorts an error of the HTTP client, of a socket or of the request's body. */
export function upstreamFailureOf(error: unknown, stage: UpstreamStage): UpstreamFailure {
  if (error instanceof UpstreamFailure) return error;
  if (error instanceof ExchangeError) return new UpstreamFailure('client', { cause: error });
  return new UpstreamFailure(kindOf(error, stage), { cause: error });
}

/** The body is shorter or longer than it said, or, in the head, its length is in doubt. */
const LENGTH_MISMATCH = 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';

function kindOf(error: unknown, stage: UpstreamStage): AttemptFailureKind {
  if (codeOf(error) === LENGTH_MISMATCH) return stage === 'replying' ? 'closed' : 'malformed';
  if (isExhaustion(error)) return 'exhausted';
  const kind = KINDS.get(codeOf(error) ?? '') ?? parseErrorKind(error);
  if (kind === 'closed' && stage === 'connecting') return 'unreachable';
  if (kind !== undefined) return kind;
  if (stage !== 'connecting') return 'closed';
  // What else can fail before a byte is sent is TLS, whose errors come from no system call.
  return isOfSystem(error) ? 'unreachable' : 'untrusted';
}

/** Whether it comes from a call of the operating system, such as `connect`, to one address or several. */
function isOfSystem(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isOfSystem);
  return typeof error === 'object' && error !== null && 'syscall' in error;
}

/** The parser's errors have no code, but the bytes they stopped at; at the end there are none. */
function parseErrorKind(error: unknown): AttemptFailureKind | undefined {
  if (typeof error !== 'object' || error === null || !('name' in error)) return undefined;
  if (error.name !== 'HTTPParserError') return undefined;
  return 'data' in error && error.data === '' ? 'closed' : 'malformed';
}
