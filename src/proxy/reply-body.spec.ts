import { describe, expect, it } from '@jest/globals';
import { ReplyBody } from './reply-body.js';

/** A body, and in order what its witness and its reader are told. */
function observed() {
  const told: string[] = [];
  const body = new ReplyBody({
    witness: () => ({
      see: (chunk) => told.push(`seen ${Buffer.from(chunk).toString()}`),
      finish: (ending) => told.push(`finished ${ending}`),
    }),
    onRead: () => told.push('reading'),
    onLeave: () => told.push('left'),
  });
  const read = () =>
    body.bytes.subscribe({
      next: (chunk) => told.push(`read ${Buffer.from(chunk).toString()}`),
      error: () => told.push('failed'),
      complete: () => told.push('complete'),
    });
  return { body, told, read };
}

describe('the witness of a body', () => {
  it('sees every chunk before the reader does, also what came before there was one', () => {
    const { body, told, read } = observed();
    body.push(Buffer.from('a'));
    expect(told).toEqual([]);
    read();
    body.push(Buffer.from('b'));
    body.end();
    expect(told).toEqual([
      ...['seen a', 'read a', 'reading', 'seen b', 'read b'],
      ...['complete', 'left', 'finished whole'],
    ]);
  });

  it('is told that a body was cut when it fails or its reader leaves', () => {
    const failed = observed();
    failed.read();
    failed.body.fail(new Error('cut'));
    expect(failed.told).toEqual(['reading', 'failed', 'left', 'finished cut']);
    const abandoned = observed();
    abandoned.read().unsubscribe();
    expect(abandoned.told).toEqual(['reading', 'left', 'finished cut']);
  });

  it('is told that a body came whole that had ended before it was read', () => {
    const { body, told, read } = observed();
    body.end();
    read();
    expect(told).toContain('finished whole');
  });
});
