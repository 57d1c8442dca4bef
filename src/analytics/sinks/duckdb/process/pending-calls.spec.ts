import { describe, expect, it } from '@jest/globals';
import { StoreError } from '../../../store/store-error.js';
import { PendingCalls } from './pending-calls.js';

const LONG_MS = 60_000;

describe('PendingCalls', () => {
  it('gives each call its own answer, in whichever order they come', async () => {
    const calls = new PendingCalls();
    const first = calls.add(LONG_MS);
    const second = calls.add(LONG_MS);
    calls.settle({ number: second.number, answer: { is: 'rows', json: '[{"n":2}]' } });
    calls.settle({ number: first.number, answer: { is: 'done' } });
    calls.settle({ number: second.number, answer: { is: 'rows', json: '[{"n":3},{"n":4}]' } });
    calls.settle({ number: second.number, answer: { is: 'done' } });
    expect(await Promise.all([first.answered, second.answered])).toEqual([
      [],
      [{ n: 2 }, { n: 3 }, { n: 4 }],
    ]);
    expect(calls.size).toBe(0);
  });

  it('makes an error of a failure', async () => {
    const calls = new PendingCalls();
    const { number, answered } = calls.add(LONG_MS);
    calls.settle({ number, answer: { is: 'failure', kind: 'refused', message: 'no such table' } });
    await expect(answered).rejects.toBeInstanceOf(StoreError);
    await expect(answered).rejects.toMatchObject({ kind: 'refused', message: 'no such table' });
  });

  it('fails a call that waits too long, and ignores its answer then', async () => {
    const calls = new PendingCalls();
    const { number, answered } = calls.add(0);
    await expect(answered).rejects.toMatchObject({
      kind: 'timed-out',
      message: 'took more than 0 ms',
    });
    calls.settle({ number, answer: { is: 'rows', json: '[{"n":1}]' } });
    calls.settle({ number, answer: { is: 'done' } });
    expect(calls.size).toBe(0);
  });

  it('fails all that wait', async () => {
    const calls = new PendingCalls();
    const outcomes = Promise.allSettled([LONG_MS, LONG_MS].map((ms) => calls.add(ms).answered));
    const reason = new StoreError('unreachable', 'gone');
    calls.failAll(reason);
    expect(await outcomes).toEqual([
      { status: 'rejected', reason },
      { status: 'rejected', reason },
    ]);
    expect(calls.size).toBe(0);
  });
});
