import { describe, expect, it } from '@jest/globals';
import { canRepeat, type FailedAttempt } from './retry.policy.js';
import { UpstreamFailure, type UpstreamFailureKind } from './upstream-failure.js';

function attempt(kind: UpstreamFailureKind, what: Partial<FailedAttempt> = {}): FailedAttempt {
  return {
    failure: new UpstreamFailure(kind),
    attempts: 1,
    wasSent: false,
    wasReused: false,
    isReplayable: true,
    ...what,
  };
}

describe('canRepeat', () => {
  it.each<[string, FailedAttempt, boolean]>([
    ['a refused connection', attempt('refused'), true],
    ['an unreachable host', attempt('unreachable'), true],
    ['a third failure', attempt('refused', { attempts: 3 }), false],
    ['a body that is gone', attempt('refused', { isReplayable: false }), false],
    ['a closed fresh connection', attempt('closed', { wasSent: true }), false],
    ['a closed re-used one', attempt('closed', { wasSent: true, wasReused: true }), true],
    ['an unknown host', attempt('unknown-host'), false],
    ['a certificate nobody trusts', attempt('untrusted'), false],
    ['a malformed answer', attempt('malformed', { wasSent: true, wasReused: true }), false],
    ['a timeout', attempt('timeout', { wasSent: true, wasReused: true }), false],
    ['a client that left', attempt('client'), false],
  ])('after %s', (_what, failed, expected) => {
    expect(canRepeat(failed)).toBe(expected);
  });
});
