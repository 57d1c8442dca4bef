import { describe, expect, it } from '@jest/globals';
import { deferred } from '../../../../test/support/time/deferred.js';
import { Turns } from './turns.js';

describe('Turns', () => {
  it('lets so many run at once and the others wait, first come, first served', async () => {
    const turns = new Turns(2, 10);
    const starts = [0, 1, 2, 3].map(() => deferred());
    const ends = [0, 1, 2, 3].map(() => deferred());
    const order: number[] = [];
    const all = ends.map((end, index) =>
      turns.take(() => {
        order.push(index);
        starts[index]?.resolve();
        return end.promise;
      }),
    );
    expect(order).toEqual([0, 1]);
    ends[1]?.resolve();
    await starts[2]?.promise;
    expect(order).toEqual([0, 1, 2]);
    for (const end of ends) end.resolve();
    await Promise.all(all);
    expect(order).toEqual([0, 1, 2, 3]);
  });

  it('refuses what would wait beyond its bound', async () => {
    const turns = new Turns(1, 1);
    const end = deferred();
    const running = turns.take(() => end.promise);
    const waiting = turns.take(() => end.promise);
    await expect(turns.take(() => end.promise)).rejects.toMatchObject({ kind: 'busy' });
    end.resolve();
    await Promise.all([running, waiting]);
  });

  it('passes on the turn of work that failed', async () => {
    const turns = new Turns(1, 1);
    const failing = turns.take(() => Promise.reject(new Error('refused')));
    const next = turns.take(() => Promise.resolve('done'));
    await expect(failing).rejects.toThrow('refused');
    expect(await next).toBe('done');
  });

  it('is idle when nothing runs and nothing waits', async () => {
    const turns = new Turns(1, 1);
    await turns.idle();
    const events: string[] = [];
    const ends = [deferred(), deferred()];
    const all = ends.map((end) => turns.take(() => end.promise));
    const idle = turns.idle().then(() => events.push('idle'));
    ends[0]?.resolve();
    await all[0];
    events.push('first ended');
    ends[1]?.resolve();
    await idle;
    expect(events).toEqual(['first ended', 'idle']);
  });
});
