import { type AttemptFailureKind, type TimedPhase } from '../backends/state/attempt-failure.js';
import { codeOf } from '../errors/error-code.js';
import { ExchangeError } from '../exchange/exchange-error.js';
import { noMeans } from './refusals.js';

/** What is known of a failure besides its kind. */
export interface UpstreamFailureOptions {
  readonly cause?: unknown;
  /** Which limit ran out; for `timeout` alone. */
  readonly phase?: TimedPhase;
}

/** Why an attempt at a backend came to no good end. */
export class UpstreamFailure extends Error {
  override readonly name = 'UpstreamFailure';
  readonly phase: TimedPhase | null;

  constructor(
    readonly kind: AttemptFailureKind,
    { cause, phase }: UpstreamFailureOptions = {},
  ) {
    super(kind, { cause });
    this.phase = phase ?? null;
  }
}

/** The failure as the client is told: what happened, at which backend, never an address or a key. */
export function clientError(failure: UpstreamFailure, backend: string): ExchangeError {
  const { cause } = failure;
  switch (failure.kind) {
    case 'refused':
      return unreachable(`backend '${backend}' refused the connection`, cause);
    case 'unreachable':
      return unreachable(`backend '${backend}' cannot be reached`, cause);
    case 'unknown-host':
      return unreachable(`the host name of backend '${backend}' was not found`, cause);
    case 'untrusted':
      return unreachable(
        `no trusted TLS connection to backend '${backend}'${reasonOf(cause)}`,
        cause,
      );
    case 'closed':
      return protocol(`backend '${backend}' closed the connection before its reply ended`, cause);
    case 'malformed':
      return protocol(`backend '${backend}' answered with malformed HTTP${reasonOf(cause)}`, cause);
    case 'unsendable':
      return new ExchangeError('bad_request', 'the request cannot be forwarded as HTTP/1.1', {
        cause,
      });
    case 'exhausted':
      return noMeans(reasonOf(cause), cause);
    case 'timeout':
      return new ExchangeError('upstream_timeout', timeoutMessage(failure, backend), { cause });
    case 'client':
      return cause instanceof ExchangeError
        ? cause
        : new ExchangeError('bad_request', 'the request body ended before its time', { cause });
    default: {
      const exhaustiveCheck: never = failure.kind;
      return exhaustiveCheck;
    }
  }
}

function timeoutMessage({ phase }: UpstreamFailure, backend: string): string {
  return `backend '${backend}' ran into the ${phase ?? 'total'} timeout`;
}

function unreachable(message: string, cause: unknown): ExchangeError {
  return new ExchangeError('upstream_unreachable', message, { cause });
}

function protocol(message: string, cause: unknown): ExchangeError {
  return new ExchangeError('upstream_protocol', message, { cause });
}

function reasonOf(cause: unknown): string {
  const code = codeOf(cause);
  return code === null ? '' : ` (${code})`;
}
