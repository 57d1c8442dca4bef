import { describe, expect, it } from '@jest/globals';
import { type AttemptFailure } from './attempt-failure.js';
import { verdictOfFailure, verdictOfStatus } from './verdict.js';

const BEFORE_HEAD = { phase: null, wasSent: true, wasStale: false, hasHead: false } as const;

describe('verdictOfStatus', () => {
  it.each([200, 204, 302, 400, 401, 404, 408, 422, 499, 501, 505])(
    'takes %i for an answer',
    (status) => {
      expect(verdictOfStatus(status)).toBe('answered');
    },
  );

  it.each([500, 502, 503, 504, 507, 529])('takes %i for a failure', (status) => {
    expect(verdictOfStatus(status)).toBe('failed');
  });

  it('takes 429 for a limit', () => {
    expect(verdictOfStatus(429)).toBe('limited');
  });
});

describe('verdictOfFailure', () => {
  it.each(['refused', 'unreachable', 'unknown-host', 'untrusted', 'malformed', 'closed'] as const)(
    'blames the backend when the attempt ended as %s',
    (kind) => {
      expect(verdictOfFailure({ ...BEFORE_HEAD, kind })).toBe('failed');
    },
  );

  it.each(['client', 'unsendable', 'exhausted'] as const)('does not blame it for %s', (kind) => {
    expect(verdictOfFailure({ ...BEFORE_HEAD, kind })).toBe('nothing');
  });

  it('does not blame it for a kept-alive connection that closes, unless its reply had begun', () => {
    const failure: AttemptFailure = { ...BEFORE_HEAD, kind: 'closed', wasStale: true };
    expect(verdictOfFailure(failure)).toBe('nothing');
    expect(verdictOfFailure({ ...failure, hasHead: true })).toBe('failed');
  });

  it.each(['connect', 'headers', 'first_token', 'idle', 'total'] as const)(
    'blames it for the %s timeout before its head',
    (phase) => {
      expect(verdictOfFailure({ ...BEFORE_HEAD, kind: 'timeout', phase })).toBe('failed');
    },
  );

  it('blames it for silence after the head, not for a long answer', () => {
    const failure: AttemptFailure = { ...BEFORE_HEAD, kind: 'timeout', hasHead: true };
    expect(verdictOfFailure({ ...failure, phase: 'idle' })).toBe('failed');
    expect(verdictOfFailure({ ...failure, phase: 'total' })).toBe('nothing');
  });
});
