import { describe, expect, it } from '@jest/globals';
import { deferred } from '../../../test/support/time/deferred.js';
import { LoadsInTurn } from './loads-in-turn.js';

describe('LoadsInTurn', () => {
  it('begins a load when the one before has ended and the rest after it is over', async () => {
    const events: string[] = [];
    const resting = deferred();
    const rested = deferred();
    const loads = new LoadsInTurn(() => {
      events.push('rest');
      resting.resolve();
      return rested.promise;
    });
    const read = deferred();
    const first = loads.inTurn(async () => {
      events.push('first');
      await read.promise;
      return 1;
    });
    const second = loads.inTurn(() => {
      events.push('second');
      return Promise.resolve(2);
    });
    const loaded = Promise.all([first(), second()]);
    read.resolve();
    await resting.promise;
    expect(events).toEqual(['first', 'rest']);
    rested.resolve();
    expect(await loaded).toEqual([1, 2]);
    expect(events.slice(0, 3)).toEqual(['first', 'rest', 'second']);
  });

  it('goes on after a load that failed, which may be tried again', async () => {
    const loads = new LoadsInTurn(() => Promise.resolve());
    let tries = 0;
    const load = loads.inTurn(() =>
      ++tries === 1 ? Promise.reject(new Error('no library')) : Promise.resolve('library'),
    );
    await expect(load()).rejects.toThrow('no library');
    expect(await load()).toBe('library');
  });
});
