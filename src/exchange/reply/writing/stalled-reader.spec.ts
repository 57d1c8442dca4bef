import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Socket } from 'node:net';
import { TICK_MS } from '../../timing/coarse-timeout.js';
import { StalledReader } from './stalled-reader.js';

const LIMIT_MS = 4_000;
/** A quarter of it, and how late that may be. */
const LOOK_MS = LIMIT_MS / 4 + TICK_MS;

describe('StalledReader', () => {
  const socket = new Socket();
  let waiting: {
    writableLength: number;
    bytesWritten: number;
    _handle: { writeQueueSize: number };
  };
  let reader: StalledReader;
  let stalled: jest.Mock;

  beforeEach(() => {
    jest.useFakeTimers();
    waiting = { writableLength: 100, bytesWritten: 100, _handle: { writeQueueSize: 100 } };
    for (const name of ['writableLength', 'bytesWritten', '_handle'] as const) {
      Object.defineProperty(socket, name, { configurable: true, get: () => waiting[name] });
    }
    stalled = jest.fn();
    reader = new StalledReader(socket, LIMIT_MS, stalled);
  });

  afterEach(() => {
    reader.stop();
    jest.advanceTimersByTime(TICK_MS);
    jest.useRealTimers();
  });

  it('calls back once nothing was taken for the whole limit', () => {
    reader.watch();
    jest.advanceTimersByTime(LIMIT_MS - 1);
    expect(stalled).not.toHaveBeenCalled();
    jest.advanceTimersByTime(4 * LOOK_MS);
    expect(stalled).toHaveBeenCalledTimes(1);
  });

  it.each<[string, () => void]>([
    ['a byte of a large write', () => waiting._handle.writeQueueSize--],
    ['one write of many, each as large', () => (waiting.bytesWritten += 100)],
  ])('waits for a client that takes %s at a time', (_what, take) => {
    reader.watch();
    for (let round = 0; round < 20; round++) {
      jest.advanceTimersByTime(3 * LOOK_MS);
      take();
    }
    expect(stalled).not.toHaveBeenCalled();
  });

  it('waits for a backend that has sent nothing more', () => {
    reader.watch();
    waiting.writableLength = 0;
    jest.advanceTimersByTime(10 * LIMIT_MS);
    expect(stalled).not.toHaveBeenCalled();
  });

  it('calls back no more once it was stopped', () => {
    reader.watch();
    reader.stop();
    jest.advanceTimersByTime(10 * LIMIT_MS);
    expect(stalled).not.toHaveBeenCalled();
  });
});
