import { describe, expect, it } from '@jest/globals';
import { isFaultOfPlace } from '../../delivery/fault-of-place.js';
import { storeError } from './postgres-failure.js';

const failureOf = (code: string): Error => Object.assign(new Error('of the server'), { code });

describe('storeError', () => {
  it.each([
    ['25006', 'read-only after a failover'],
    ['57P01', 'shut down by its administrator'],
    ['57P03', 'not ready yet'],
    ['53100', 'its disk is full'],
    ['53300', 'too many connections'],
    ['58030', 'an I/O error'],
    ['08006', 'the connection failed'],
    ['28P01', 'the password is wrong'],
    ['3D000', 'there is no such database'],
    ['55P03', 'a lock is not to be had'],
    ['ECONNREFUSED', 'nobody listens'],
  ])('takes %s for a fault of the place: %s', (code) => {
    const error = storeError(failureOf(code));
    expect(error.kind).toBe('unreachable');
    expect(isFaultOfPlace(error)).toBe(true);
  });

  it.each([
    ['22P02', 'a value that is none'],
    ['23505', 'a key that is there already'],
    ['25P02', 'the transaction failed before'],
    ['42P01', 'there is no such table'],
    ['54000', 'a limit of the program'],
  ])('takes %s for a refusal: %s', (code) => {
    const error = storeError(failureOf(code));
    expect(error.kind).toBe('refused');
    expect(isFaultOfPlace(error)).toBe(false);
  });

  it('takes a statement that was cancelled for one that took too long', () => {
    expect(storeError(failureOf('57014')).kind).toBe('timed-out');
  });

  it('takes a failure without a code for a server out of reach, and says why', () => {
    expect(storeError(new Error('Connection terminated unexpectedly'))).toMatchObject({
      kind: 'unreachable',
      message: 'PostgreSQL cannot be reached: Connection terminated unexpectedly',
    });
  });
});
