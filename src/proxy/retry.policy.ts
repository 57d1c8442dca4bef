import { type UpstreamFailure } from './upstream-failure.js';

/** Most attempts at one request, the first included. */
export const MAX_ATTEMPTS = 3;

export interface FailedAttempt {
  readonly failure: UpstreamFailure;
  /** How many were made, this one included. */
  readonly attempts: number;
  /** Whether bytes of the request went out. */
  readonly wasSent: boolean;
  /** Whether it used a connection that had served before. */
  readonly wasReused: boolean;
  /** Whether the request's body can be sent once more. */
  readonly isReplayable: boolean;
}

/**
 * Whether a request is sent once more. Asked before a byte of the reply came. A connection that
 * failed before the request was on it can be tried again by anyone; one that was kept alive and
 * closes under a new request was closed before the backend saw it (RFC 9112 §9.3.1).
 */
export function canRepeat(attempt: FailedAttempt): boolean {
  if (attempt.attempts >= MAX_ATTEMPTS || !attempt.isReplayable) return false;
  switch (attempt.failure.kind) {
    case 'refused':
    case 'unreachable':
      return !attempt.wasSent;
    case 'closed':
      return attempt.wasReused;
    case 'unknown-host':
    case 'untrusted':
    case 'malformed':
    case 'unsendable':
    case 'timeout':
    case 'client':
      return false;
    default: {
      const unknown: never = attempt.failure.kind;
      return unknown;
    }
  }
}
