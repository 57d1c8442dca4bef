import { describe, expect, it } from '@jest/globals';
import { PassThrough } from 'node:stream';
import { PipeInlet } from './pipe-inlet.js';

const TEXT = '{"a":"é😀"}\n';

describe('PipeInlet', () => {
  it('gives a portion wherever its bytes were cut', async () => {
    const bytes = Buffer.from(TEXT);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const pipe = new PassThrough();
      const portion = new PipeInlet(pipe).take(bytes.length);
      pipe.write(bytes.subarray(0, cut));
      pipe.write(bytes.subarray(cut));
      expect((await portion).toString()).toBe(TEXT);
    }
  });

  it('keeps what comes before it is asked for, and what comes behind a portion', async () => {
    const pipe = new PassThrough();
    const inlet = new PipeInlet(pipe);
    pipe.write('firstsec');
    expect((await inlet.take(5)).toString()).toBe('first');
    const second = inlet.take(6);
    pipe.write('ond');
    expect((await second).toString()).toBe('second');
  });

  it('gives a portion of no bytes at once', async () => {
    expect(await new PipeInlet(new PassThrough()).take(0)).toHaveLength(0);
  });
});
