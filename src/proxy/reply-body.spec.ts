import { describe, expect, it } from '@jest/globals';
import { type BodyFilter } from '../exchange/reply/body-filter.js';
import { ReplyBody } from './reply-body.js';

/** A body, and in order what its witness and its reader are told. */
function observed(filter: BodyFilter | null = null) {
  const told: string[] = [];
  const body = new ReplyBody({
    filter: () => filter,
    witness: () => ({ see: (chunk) => told.push(`seen ${Buffer.from(chunk).toString()}`) }),
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
      ...['complete', 'left'],
    ]);
  });
});

/** Holds the latest chunk back until the next one, or the end. */
class LateByOne implements BodyFilter {
  #held: Uint8Array = new Uint8Array(0);

  feed(chunk: Uint8Array): Uint8Array {
    const passing = this.#held;
    this.#held = chunk;
    return passing;
  }

  end(): Uint8Array {
    return this.#held;
  }

  conclude(): void {
    this.#held = new Uint8Array(0);
  }
}

describe('the filter of a body', () => {
  it('decides what witness and reader get; nothing of nothing', () => {
    const { body, told, read } = observed(new LateByOne());
    body.push(Buffer.from('a'));
    read();
    expect(told).toEqual(['reading']);
    body.push(Buffer.from('b'));
    expect(told.splice(0)).toEqual(['reading', 'seen a', 'read a']);
    body.end();
    expect(told).toEqual(['seen b', 'read b', 'complete', 'left']);
  });

  it.each(['feed', 'end'] as const)('that has a mistake in %s fails the body', (method) => {
    const broken = new LateByOne();
    broken[method] = () => {
      throw new Error('ours');
    };
    const { body, told, read } = observed(broken);
    read();
    body.push(Buffer.from('a'));
    body.end();
    expect(told).toEqual(['reading', 'failed', 'left']);
  });

  it('is not asked for what it holds of a body that breaks off', () => {
    const { body, told, read } = observed(new LateByOne());
    body.push(Buffer.from('half'));
    read();
    body.fail(new Error('cut'));
    expect(told).toEqual(['reading', 'failed', 'left']);
  });
});
