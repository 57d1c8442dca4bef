import { describe, expect, it } from '@jest/globals';
import { WaitingQueue } from './waiting-queue.js';

const always = () => true;

describe('WaitingQueue', () => {
  it.each([
    { max: 0, timeoutMs: 1000 },
    { max: 10, timeoutMs: 0 },
  ])('lets nobody wait with %j', (options) => {
    expect(new WaitingQueue(options).join('a', 0)).toBeNull();
  });

  it('is left in the order of arrival', () => {
    const queue = new WaitingQueue<string>({ max: 3, timeoutMs: 1000 });
    for (const name of ['a', 'b', 'c']) queue.join(name, 0);
    expect([queue.next(always), queue.next(always), queue.next(always)]).toMatchObject([
      { value: 'a' },
      { value: 'b' },
      { value: 'c' },
    ]);
    expect(queue.next(always)).toBeNull();
  });

  it('takes no more than its bound, and again when one has gone', () => {
    const queue = new WaitingQueue<string>({ max: 2, timeoutMs: 1000 });
    queue.join('a', 0);
    queue.join('b', 0);
    expect(queue.join('c', 0)).toBeNull();
    expect(queue.length).toBe(2);
    queue.next(always);
    expect(queue.join('c', 0)).not.toBeNull();
  });

  it('passes those who wait for something else, and keeps their place', () => {
    const queue = new WaitingQueue<string>({ max: 3, timeoutMs: 1000 });
    for (const name of ['a', 'b', 'c']) queue.join(name, 0);
    expect(queue.next((name) => name !== 'a')).toMatchObject({ value: 'b' });
    expect(queue.next(always)).toMatchObject({ value: 'a' });
  });

  it('can be left from any place, once', () => {
    const queue = new WaitingQueue<string>({ max: 3, timeoutMs: 1000 });
    queue.join('a', 0);
    const middle = queue.join('b', 0);
    queue.join('c', 0);
    if (middle === null) throw new Error('no place');
    expect(queue.leave(middle)).toBe(true);
    expect(queue.leave(middle)).toBe(false);
    expect(queue.next(always)).toMatchObject({ value: 'a' });
    expect(queue.next(always)).toMatchObject({ value: 'c' });
  });

  it('gives out whoever has waited long enough, in order', () => {
    const queue = new WaitingQueue<string>({ max: 3, timeoutMs: 1000 });
    expect(queue.nextDeadlineMs).toBeNull();
    queue.join('a', 0);
    queue.join('b', 500);
    queue.join('c', 501);
    expect(queue.nextDeadlineMs).toBe(1000);
    expect(queue.expired(999)).toEqual([]);
    expect(queue.expired(1500)).toMatchObject([{ value: 'a' }, { value: 'b' }]);
    expect(queue.nextDeadlineMs).toBe(1501);
    expect(queue.length).toBe(1);
  });

  it('has no place any more for one that has gone or waited too long', () => {
    const queue = new WaitingQueue<string>({ max: 2, timeoutMs: 1000 });
    const gone = queue.join('a', 0);
    const late = queue.join('b', 0);
    if (gone === null || late === null) throw new Error('no place');
    queue.next(always);
    queue.expired(1000);
    expect([queue.leave(gone), queue.leave(late)]).toEqual([false, false]);
  });
});
