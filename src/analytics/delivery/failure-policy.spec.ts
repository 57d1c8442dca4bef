import { describe, expect, it } from '@jest/globals';
import { StoreError } from '../store/store-error.js';
import { afterRefusal, type Refusal, sinkBackoffMs } from './failure-policy.js';
import { isFaultOfPlace } from './fault-of-place.js';

const WHOLE: Refusal = { records: 2, refusals: 1, isPart: false, wereOthersWritten: false };
const LONE: Refusal = { ...WHOLE, records: 1, isPart: true };

describe('sinkBackoffMs', () => {
  it('waits up to 100 ms, doubling up to half a minute', () => {
    const longest = [1, 2, 3, 9, 10, 2000].map((failure) => sinkBackoffMs(failure, () => 1));
    expect(longest).toEqual([100, 200, 400, 25_600, 30_000, 30_000]);
  });

  it('waits any time from nothing up', () => {
    expect([0, 0.25, 0.5].map((draw) => sinkBackoffMs(2, () => draw))).toEqual([0, 50, 100]);
  });
});

describe('afterRefusal', () => {
  it.each<[ReturnType<typeof afterRefusal>, string, Partial<Refusal>]>([
    ['retry', 'a batch was refused for the second time', { refusals: 2 }],
    ['split', 'a batch was refused for the third time', { refusals: 3 }],
    ['split', 'a part of a batch was refused', { isPart: true }],
    ['drop', 'others of the batch were written', { ...LONE, wereOthersWritten: true }],
    ['retry', 'nothing shows that the sink takes any', { ...LONE, refusals: 39 }],
    ['drop', 'it has been refused for minutes', { ...LONE, refusals: 40 }],
  ])('is to %s when %s', (step, _when, refusal) => {
    expect(afterRefusal({ ...WHOLE, ...refusal })).toBe(step);
  });
});

describe('isFaultOfPlace', () => {
  it.each([
    ['a full disk', withCode('ENOSPC')],
    [
      'a refused connection behind another error',
      new TypeError('fetch failed', { cause: withCode('ECONNREFUSED') }),
    ],
    ['every address of a host refusing', new AggregateError([withCode('ECONNREFUSED')])],
    ['a store out of reach', new StoreError('unreachable', 'gone')],
    ['a server that has too much to do', withCode(503)],
  ])('is true of %s', (_what, error) => {
    expect(isFaultOfPlace(error)).toBe(true);
  });

  it.each([
    ['a value that a database refuses', withCode('22P05')],
    ['a statement that a store refuses', new StoreError('refused', 'no')],
    ['a request that a server calls bad', withCode(400)],
    ['an error without a code', new Error('no')],
    ['what is no error', 'ENOSPC'],
  ])('is false of %s', (_what, error) => {
    expect(isFaultOfPlace(error)).toBe(false);
  });
});

function withCode(code: string | number): Error {
  return Object.assign(new Error('failed'), { code });
}
