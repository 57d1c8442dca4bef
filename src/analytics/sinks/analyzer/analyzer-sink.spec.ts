import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordBatch, recordWith } from '../../../../test/support/analytics/exchange-records.js';
import { AnalyzerSink } from './analyzer-sink.js';

const STARTED = {
  id: 'r',
  startedAtMs: 1,
  method: 'POST',
  path: '/v1/chat/completions',
  headers: {},
};

describe('AnalyzerSink', () => {
  let folder: string;
  /** What the analyzers of the tests were told. */
  let told: unknown[];

  beforeEach(async () => {
    Logger.overrideLogger(false);
    folder = await mkdtemp(join(tmpdir(), 'sluice-module-'));
    told = [];
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('tells the analyzer of a function what happens', async () => {
    const sink = await loaded(`export default ({ told }) => ({
      onStarted: (started) => told.push(['started', started.id]),
      onChunk: (id, bytes) => told.push(['chunk', id, bytes.length]),
      write: async (records) => told.push(['write', records.length]),
      onFinished: (record) => told.push(['finished', record.record_id]),
      close: () => told.push('close'),
    })`);
    sink.started?.(STARTED);
    sink.chunk?.('r', Buffer.from('abc'));
    await sink.write(recordBatch([recordWith({ record_id: 'a' }), recordWith({ record_id: 'b' })]));
    await sink.close();
    expect(told).toEqual([
      ['started', 'r'],
      ['chunk', 'r', 3],
      ['write', 2],
      ['finished', 'a'],
      ['finished', 'b'],
      'close',
    ]);
  });

  it('makes the analyzer of a class, and keeps it itself', async () => {
    const sink = await loaded(`export default class {
      constructor({ told }) { this.told = told }
      write(records) { this.told.push(records.length) }
    }`);
    expect(sink.started).toBeNull();
    expect(sink.chunk).toBeNull();
    await sink.write(recordBatch([recordWith()]));
    await sink.close();
    expect(told).toEqual([1]);
  });

  it('offers records again that the analyzer could not write, and tells of them once', async () => {
    const sink = await loaded(`let calls = 0; export default ({ told }) => ({
      write: async () => { if (++calls === 1) throw new Error('not now') },
      onFinished: (record) => told.push(record.record_id),
    })`);
    const batch = recordBatch([recordWith({ record_id: 'a' })]);
    await expect(sink.write(batch)).rejects.toThrow('not now');
    await sink.write(batch);
    expect(told).toEqual(['a']);
    expect(sink.failures).toBe(1);
  });

  it('lets nothing out that an analyzer throws', async () => {
    const sink = await loaded(`const fail = () => { throw new Error('no') };
      const reject = async () => fail();
      export default () => ({ onStarted: fail, onChunk: fail, onFinished: reject, close: reject })`);
    sink.started?.(STARTED);
    sink.chunk?.('r', Buffer.from('abc'));
    await sink.write(recordBatch([recordWith(), recordWith()]));
    await sink.close();
    expect(sink.failures).toBe(5);
  });

  it('lets nothing out that an analyzer rejects with', async () => {
    const sink = await loaded(`const fail = async () => { throw new Error('no') };
      export default () => ({ onStarted: fail, onChunk: fail })`);
    sink.started?.(STARTED);
    sink.chunk?.('r', Buffer.from('abc'));
    await sink.close();
    expect(sink.failures).toBe(2);
  });

  it('hands over chunks that may be changed without changing the reply', async () => {
    const sink = await loaded(`export default () => ({
      onChunk(id, bytes) { new Uint8Array(bytes.buffer).fill(65) }
    })`);
    const bytes = Uint8Array.of(1, 2, 3);
    sink.chunk?.('r', bytes);
    expect(bytes).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('does not wait for ever', async () => {
    const sink = await loaded(
      `const never = () => new Promise(() => {});
      export default () => ({ write: never, close: never })`,
      20,
    );
    await expect(sink.write(recordBatch([recordWith()]))).rejects.toThrow('took longer than 20 ms');
    await sink.close();
    expect(sink.failures).toBe(2);
  });

  it.each([
    ['export default 1', 'its default export must be a function or a class that makes an analyzer'],
    [
      'export const analyzer = 1',
      'its default export must be a function or a class that makes an analyzer',
    ],
    ['export default () => ({})', 'must give an object with one of the methods onStarted'],
    [
      'export default () => ({ write: 1 })',
      'must give an object with one of the methods onStarted',
    ],
    ['export default () => { throw new Error("no table") }', 'its default export failed: no table'],
    ['throw new Error("no key")', 'cannot be loaded: no key'],
    ['export default (', 'cannot be loaded: '],
  ])('refuses %j and names the file', async (source, message) => {
    await expect(loaded(source)).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining(`${join(folder, 'sink.mjs')}: ${message}`),
    });
  });

  it('refuses a file that is not there, and names it', async () => {
    const path = join(folder, 'missing.mjs');
    const sink = new AnalyzerSink({ path, options: {} }, { name: 'module', wallMs: Date.now });
    await expect(sink.load()).rejects.toThrow(`${path}: cannot be loaded`);
  });

  async function loaded(source: string, limitMs?: number): Promise<AnalyzerSink> {
    const path = join(folder, 'sink.mjs');
    await writeFile(path, source);
    const options = {
      name: 'module',
      wallMs: Date.now,
      ...(limitMs === undefined ? {} : { limitMs }),
    };
    const sink = new AnalyzerSink({ path, options: { told } }, options);
    await sink.load();
    return sink;
  }
});
