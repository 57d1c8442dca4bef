import { describe, expect, it } from '@jest/globals';
import { ScriptedSink } from '../../../test/support/analytics/scripted-sink.js';
import { deferred } from '../../../test/support/time/deferred.js';
import { Opening } from './opening.js';

describe('Opening', () => {
  it('says that a sink takes too long, and does not open it a second time meanwhile', async () => {
    const hung = deferred();
    const sink = new ScriptedSink();
    sink.onOpen = () => hung.promise;
    const opening = new Opening(sink, 1);
    const late = { kind: 'timed-out', message: 'opening it takes more than 1 ms' };
    await expect(opening.open()).rejects.toMatchObject(late);
    await expect(opening.open()).rejects.toMatchObject(late);
    expect(sink.opened).toBe(1);
  });

  it('opens it again when the attempt that took too long has ended', async () => {
    const hung = deferred();
    const sink = new ScriptedSink();
    sink.onOpen = () => hung.promise;
    const opening = new Opening(sink, 1);
    await expect(opening.open()).rejects.toMatchObject({ kind: 'timed-out' });
    const last = opening.open();
    hung.reject(new Error('gone at last'));
    await expect(last).rejects.toThrow('gone at last');
    sink.onOpen = () => Promise.resolve();
    await opening.open();
    expect(sink.opened).toBe(2);
  });
});
