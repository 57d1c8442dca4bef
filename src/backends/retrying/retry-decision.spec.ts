import { describe, expect, it } from '@jest/globals';
import {
  type AttemptFailure,
  type AttemptFailureKind,
  type TimedPhase,
} from '../state/attempt-failure.js';
import { decideRetry, type AttemptEnd, type RetryQuestion } from './retry-decision.js';

/** One that nothing stands in the way of. */
const QUESTION: RetryQuestion = {
  end: { kind: 'status', status: 503 },
  attempts: 1,
  maxRepeats: 2,
  isRepeatable: true,
  isReplayable: true,
  hasOther: true,
  hasBudget: true,
};

const half = () => 0.5;

/** Where it is sent again; null when it is not. */
function retriedOn(question: Partial<RetryQuestion>): 'other' | 'same' | null {
  const decision = decideRetry({ ...QUESTION, ...question }, half);
  return decision.kind === 'retry' ? decision.on : null;
}

function failure(kind: AttemptFailureKind, facts: Partial<AttemptFailure> = {}): AttemptEnd {
  const none = { phase: null, wasSent: true, wasStale: false, hasHead: false };
  return { kind: 'failure', failure: { ...none, kind, ...facts } };
}

const unsent = (kind: AttemptFailureKind, phase: TimedPhase | null = null) =>
  failure(kind, { wasSent: false, phase });
const timeout = (phase: TimedPhase) => failure('timeout', { phase });
const status = (code: number): AttemptEnd => ({ kind: 'status', status: code });

type Row = readonly [
  what: string,
  end: AttemptEnd,
  repeatable: readonly [withOther: 'other' | null, alone: 'same' | null],
  unrepeatable: readonly [withOther: 'other' | null, alone: 'same' | null],
];

const ANYWHERE = ['other', 'same'] as const;
const ELSEWHERE = ['other', null] as const;
const NEVER = [null, null] as const;

const ROWS: readonly Row[] = [
  ['a refused connection', unsent('refused'), ANYWHERE, ANYWHERE],
  ['no way to the host', unsent('unreachable'), ANYWHERE, ANYWHERE],
  ['a connection closed before a byte was sent', unsent('closed'), ANYWHERE, ANYWHERE],
  ['an unknown host', unsent('unknown-host'), ELSEWHERE, ELSEWHERE],
  ['an untrusted certificate', unsent('untrusted'), ELSEWHERE, ELSEWHERE],
  ['a connect timeout', unsent('timeout', 'connect'), ELSEWHERE, ELSEWHERE],
  ['a reset of a kept-alive connection', failure('closed', { wasStale: true }), ANYWHERE, ANYWHERE],
  ['a reset of a new connection', failure('closed'), ANYWHERE, NEVER],
  ['a host that went away', failure('unreachable'), ANYWHERE, NEVER],
  ['a headers timeout', timeout('headers'), ELSEWHERE, NEVER],
  ['a first_token timeout before the head', timeout('first_token'), ELSEWHERE, NEVER],
  ['a total timeout', timeout('total'), NEVER, NEVER],
  ['a malformed answer', failure('malformed'), NEVER, NEVER],
  ['a request that cannot be sent', unsent('unsendable'), NEVER, NEVER],
  ['a connection that this process cannot open', unsent('exhausted'), NEVER, NEVER],
  ['a request body that failed', failure('client'), NEVER, NEVER],
  ['a reset after the head', failure('closed', { hasHead: true }), NEVER, NEVER],
  [
    'a reset of a kept-alive connection after the head',
    failure('closed', { wasStale: true, hasHead: true }),
    NEVER,
    NEVER,
  ],
  ['an idle timeout', failure('timeout', { phase: 'idle', hasHead: true }), NEVER, NEVER],
  ['a 429', status(429), ELSEWHERE, NEVER],
  ['a 502', status(502), ELSEWHERE, NEVER],
  ['a 503', status(503), ELSEWHERE, NEVER],
  ['a 504', status(504), ELSEWHERE, NEVER],
  ['a 500', status(500), NEVER, NEVER],
  ['a 408', status(408), NEVER, NEVER],
  ['a 400', status(400), NEVER, NEVER],
  ['a 200', status(200), NEVER, NEVER],
];

describe('decideRetry', () => {
  it.each(ROWS)('after %s', (_what, end, repeatable, unrepeatable) => {
    const on = (isRepeatable: boolean, hasOther: boolean) =>
      retriedOn({ end, isRepeatable, hasOther });
    expect([on(true, true), on(true, false)]).toEqual(repeatable);
    expect([on(false, true), on(false, false)]).toEqual(unrepeatable);
  });

  it.each([
    ['the body is gone', { isReplayable: false }],
    ['the budget is spent', { hasBudget: false }],
    ['all retries were made', { attempts: 3 }],
    ['retries are off', { maxRepeats: 0 }],
  ])('never retries when %s', (_why, question) => {
    for (const [, end] of ROWS) expect(retriedOn({ end, ...question })).toBeNull();
  });

  it('retries as often as is configured', () => {
    expect(retriedOn({ attempts: 2 })).toBe('other');
    expect(retriedOn({ attempts: 5, maxRepeats: 5 })).toBe('other');
    expect(retriedOn({ attempts: 6, maxRepeats: 5 })).toBeNull();
  });

  describe('waits', () => {
    const delays = (question: Partial<RetryQuestion>) =>
      [1, 2, 3].map((attempts) => {
        const decision = decideRetry({ ...QUESTION, maxRepeats: 3, ...question, attempts }, half);
        return decision.kind === 'retry' ? decision.delayMs : null;
      });

    it('not at all before it tries another backend, then longer and longer', () => {
      expect(delays({})).toEqual([0, 25, 50]);
    });

    it('no longer than two seconds', () => {
      const decision = decideRetry({ ...QUESTION, maxRepeats: 9, attempts: 9 }, () => 1);
      expect(decision).toEqual({ kind: 'retry', on: 'other', delayMs: 2000 });
    });

    it('longer and longer before it tries the same one', () => {
      expect(delays({ end: unsent('refused'), hasOther: false })).toEqual([25, 50, 100]);
    });

    it('not at all for a new connection in place of one kept alive', () => {
      const end = failure('closed', { wasStale: true });
      expect(delays({ end, hasOther: false })).toEqual([0, 25, 50]);
    });
  });
});
