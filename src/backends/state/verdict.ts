import { type AttemptFailure } from './attempt-failure.js';

/**
 * What the end of an attempt says of its backend: it `answered`; it is `limited`, so well enough to
 * say that it wants less; it `failed`; or `nothing`.
 */
export type Verdict = 'answered' | 'limited' | 'failed' | 'nothing';

/** @param status - of the reply's head. */
export function verdictOfStatus(status: number): Verdict {
  if (status === 429) return 'limited';
  // 501 and 505 are about what was asked: a server without embeddings is not ill (RFC 9110 §15.6).
  if (status < 500 || status === 501 || status === 505) return 'answered';
  return 'failed';
}

/** Statuses by which a backend turns away what another may serve: for its key, its account, its models. */
const TURNING_AWAY: ReadonlySet<number> = new Set([401, 402, 403, 404]);

/** @param status - of the reply's head to a call of a model. */
export function isTurningAway(status: number): boolean {
  return TURNING_AWAY.has(status);
}

/** What a failed attempt says of its backend. */
export function verdictOfFailure({ kind, phase, wasStale, hasHead }: AttemptFailure): Verdict {
  switch (kind) {
    case 'refused':
    case 'unreachable':
    case 'unknown-host':
    case 'untrusted':
    case 'malformed':
      return 'failed';
    case 'closed':
      // A kept-alive connection that closes under a request was most likely idle for too long.
      return wasStale && !hasHead ? 'nothing' : 'failed';
    case 'timeout':
      // An answer that has begun and is cut for its length is the fault of whoever asked for it.
      return phase === 'total' && hasHead ? 'nothing' : 'failed';
    case 'unsendable':
    case 'exhausted':
    case 'client':
      return 'nothing';
    default: {
      const exhaustiveCheck: never = kind;
      return exhaustiveCheck;
    }
  }
}
