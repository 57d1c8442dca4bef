import { type Backoff, backoffMs } from '../../exchange/timing/backoff.js';
import { type Random } from '../../exchange/timing/random.js';
import { type AttemptFailure } from '../state/attempt-failure.js';

/** How an attempt ended that was of no use: without an answer, or with one that another may better. */
export type AttemptEnd =
  | { readonly kind: 'failure'; readonly failure: AttemptFailure }
  | { readonly kind: 'status'; readonly status: number };

/** All that decides whether a request is sent once more. */
export interface RetryQuestion {
  readonly end: AttemptEnd;
  /** Attempts made so far, this one included. */
  readonly attempts: number;
  /** Most attempts after the first. */
  readonly maxRepeats: number;
  /** Whether the request does no harm when it is carried out twice. */
  readonly isRepeatable: boolean;
  /** Whether its body can be sent once more. */
  readonly isReplayable: boolean;
  /** Whether there is a backend that was not tried and can serve. */
  readonly hasOther: boolean;
  /** Whether the budget allows for a retry. */
  readonly hasBudget: boolean;
}

/** `pass`: the client gets what there is. */
export type RetryDecision =
  | { readonly kind: 'pass' }
  | { readonly kind: 'retry'; readonly on: 'other' | 'same'; readonly delayMs: number };

/** Where a request may be sent once more: on another backend, there or where it was, or nowhere. */
type Scope = 'other' | 'anywhere' | 'nowhere';

const PASS: RetryDecision = { kind: 'pass' };

/** Statuses of a backend that cannot serve now, while another one may. */
const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Before a request goes to a place once more. */
const RETRY_BACKOFF: Backoff = { firstMs: 50, capMs: 2000 };

/** Whether another attempt may do better than an answer with this status. */
export function isWorthRetry(status: number): boolean {
  return RETRYABLE_STATUSES.has(status);
}

/**
 * Whether a request is sent once more after an attempt, and where: on another backend where there is
 * one. The first attempt at another backend is made at once, and so is the first repeat after a
 * connection that had been idle for too long; every other one waits for a backoff.
 */
export function decideRetry(question: RetryQuestion, random: Random): RetryDecision {
  const { attempts, maxRepeats, isReplayable, hasOther, hasBudget } = question;
  if (!isReplayable || attempts > maxRepeats || !hasBudget) return PASS;
  const scope = scopeOf(question);
  if (scope === 'nowhere') return PASS;
  if (hasOther)
    return { kind: 'retry', on: 'other', delayMs: backoffMsAfter(attempts - 1, random) };
  if (scope === 'other') return PASS;
  const retry = isStaleConnection(question.end) ? attempts - 1 : attempts;
  return { kind: 'retry', on: 'same', delayMs: backoffMsAfter(retry, random) };
}

function backoffMsAfter(retry: number, random: Random): number {
  return retry === 0 ? 0 : backoffMs(retry, RETRY_BACKOFF, random);
}

function scopeOf({ end, isRepeatable }: RetryQuestion): Scope {
  switch (end.kind) {
    case 'status':
      return isRepeatable && isWorthRetry(end.status) ? 'other' : 'nowhere';
    case 'failure':
      return end.failure.hasHead ? 'nowhere' : scopeOfFailure(end.failure, isRepeatable);
    default: {
      const exhaustiveCheck: never = end;
      return exhaustiveCheck;
    }
  }
}

function scopeOfFailure(failure: AttemptFailure, isRepeatable: boolean): Scope {
  const { kind, phase, wasSent, wasStale } = failure;
  const isHarmless = !wasSent || isRepeatable;
  switch (kind) {
    case 'refused':
    case 'unreachable':
      return isHarmless ? 'anywhere' : 'nowhere';
    case 'closed':
      // Closed for having been idle, most likely before the backend saw the request (RFC 9112 §9.3.1).
      return isHarmless || wasStale ? 'anywhere' : 'nowhere';
    case 'unknown-host':
    case 'untrusted':
      // The same name and the same certificate will be no better in a moment.
      return isHarmless ? 'other' : 'nowhere';
    case 'timeout':
      // Its time was waited out once; `total` is for all there is, and used up.
      return isHarmless && phase !== 'total' ? 'other' : 'nowhere';
    case 'malformed':
    case 'unsendable':
    case 'exhausted':
    case 'client':
      return 'nowhere';
    default: {
      const exhaustiveCheck: never = kind;
      return exhaustiveCheck;
    }
  }
}

function isStaleConnection(end: AttemptEnd): boolean {
  return end.kind === 'failure' && end.failure.kind === 'closed' && end.failure.wasStale;
}
