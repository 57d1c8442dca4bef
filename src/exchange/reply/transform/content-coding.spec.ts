import { describe, expect, it } from '@jest/globals';
import { promisify } from 'node:util';
import { gunzip, gzipSync } from 'node:zlib';
import { Subject } from 'rxjs';
import { ExchangeError } from '../../exchange-error.js';
import { decodedBody, type UpstreamValve } from './content-coding.js';

const TEXT = Buffer.alloc(8_000_000, 'data: x\n\n');
const CODED = gzipSync(TEXT);
/** More than a paused decoder holds. */
const MAX_HELD_BYTES = 262_144;

/** Has decoded as much by the same threads, so that whoever was not stopped is done by then. */
const barrier = (): Promise<unknown> => promisify(gunzip)(CODED);

/** A reply that is decoded for a reader who stops it after its first bytes. */
class Reading {
  readonly source = new Subject<Uint8Array>();
  readonly calls: string[] = [];
  readonly valve: UpstreamValve;
  bytes = 0;
  ending: unknown = null;
  readonly #begun = Promise.withResolvers<null>();
  readonly #ended = Promise.withResolvers<null>();

  constructor() {
    const note = (call: string) => (): void => {
      this.calls.push(call);
    };
    this.valve = {
      upstream: {
        pause: note('pause'),
        resume: note('resume'),
        cancel: note('cancel'),
        fail: (error) => {
          this.source.error(error);
        },
      },
    };
    const headers = ['Content-Encoding', 'gzip', 'Content-Type', 'text/event-stream'];
    const reply = { status: 200, headers, body: this.source, route: null };
    decodedBody(reply, TEXT.length, this.valve).body.subscribe({
      next: (chunk) => {
        if (this.bytes === 0) this.valve.upstream?.pause();
        this.bytes += chunk.length;
        this.#begun.resolve(null);
      },
      error: (error: unknown) => {
        this.ending = error;
        this.#ended.resolve(null);
      },
      complete: () => {
        this.ending = 'complete';
        this.#ended.resolve(null);
      },
    });
  }

  get begun(): Promise<null> {
    return this.#begun.promise;
  }

  get ended(): Promise<null> {
    return this.#ended.promise;
  }
}

describe('a compressed reply whose reader is slow', () => {
  it('is decoded no further than it is taken, and all of it in the end', async () => {
    const reading = new Reading();
    reading.source.next(CODED);
    reading.source.complete();
    await reading.begun;
    await barrier();
    expect(reading.bytes).toBeLessThan(MAX_HELD_BYTES);
    expect(reading.calls).toEqual(['pause']);
    reading.valve.upstream?.resume();
    await reading.ended;
    expect([reading.bytes, reading.ending]).toEqual([TEXT.length, 'complete']);
  });

  it('is not asked for more while what came waits to be decoded', async () => {
    const reading = new Reading();
    for (const part of [CODED.subarray(0, 2_000), CODED.subarray(2_000)]) reading.source.next(part);
    expect(reading.calls).toEqual(['pause']);
    await reading.begun;
    await barrier();
    expect(reading.calls).not.toContain('resume');
    reading.valve.upstream?.resume();
    reading.source.complete();
    await reading.ended;
    expect(reading.calls).toContain('resume');
    expect([reading.bytes, reading.ending]).toEqual([TEXT.length, 'complete']);
  });

  it('breaks off behind what came before', async () => {
    const reading = new Reading();
    const error = new ExchangeError('upstream_protocol', 'it broke off');
    reading.source.next(CODED);
    reading.source.error(error);
    await reading.begun;
    await barrier();
    expect(reading.ending).toBeNull();
    reading.valve.upstream?.resume();
    await reading.ended;
    expect([reading.bytes, reading.ending]).toEqual([TEXT.length, error]);
  });

  it.each(['before', 'after'])(
    'fails at once when it is ended from here %s its end',
    async (when) => {
      const reading = new Reading();
      const error = new ExchangeError('upstream_protocol', 'no longer');
      reading.source.next(CODED);
      if (when === 'after') reading.source.complete();
      await reading.begun;
      reading.valve.upstream?.fail(error);
      expect(reading.ending).toBe(error);
    },
  );
});
