import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { ScriptedSink } from '../../../test/support/analytics/scripted-sink.js';
import { type Sink } from '../sinks/sink.js';
import { Retention } from './retention.js';

const DAY_MS = 86_400_000;
const NOW_MS = 100 * DAY_MS;

describe('Retention', () => {
  let deletions: [sink: string, startedBeforeMs: number][];

  beforeEach(() => {
    Logger.overrideLogger(false);
    deletions = [];
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('deletes what is older than so many days, by the configuration in force', async () => {
    let days = 90;
    const retention = retentionOf([deleting('a')], () => days);
    await retention.apply();
    days = 1;
    await retention.apply();
    expect(deletions).toEqual([
      ['a', 10 * DAY_MS],
      ['a', 99 * DAY_MS],
    ]);
  });

  it('deletes nothing where records are kept for ever', async () => {
    await retentionOf([deleting('a')], () => 0).apply();
    expect(deletions).toEqual([]);
  });

  it('goes on with other sinks when one cannot delete, or need not', async () => {
    const failing = { ...deleting('b'), deleteBefore: () => Promise.reject(new Error('down')) };
    await retentionOf([new ScriptedSink(), failing, deleting('c')], () => 90).apply();
    expect(deletions).toEqual([['c', 10 * DAY_MS]]);
  });

  it('begins a minute after the start, and comes again an hour later until it is stopped', async () => {
    jest.useFakeTimers();
    const retention = retentionOf([deleting('a')], () => 90);
    retention.start();
    await jest.advanceTimersByTimeAsync(59_999);
    expect(deletions).toHaveLength(0);
    await jest.advanceTimersByTimeAsync(1);
    expect(deletions).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(3_600_000);
    expect(deletions).toHaveLength(2);
    retention.stop();
    expect(jest.getTimerCount()).toBe(0);
  });

  function deleting(name: string): Sink {
    return {
      name,
      open: () => Promise.resolve(),
      write: () => Promise.resolve(),
      close: () => Promise.resolve(),
      deleteBefore: (startedBeforeMs) => {
        deletions.push([name, startedBeforeMs]);
        return Promise.resolve();
      },
    };
  }
});

function retentionOf(sinks: readonly Sink[], days: () => number): Retention {
  return new Retention({ sinks, days, wallMs: () => NOW_MS });
}
