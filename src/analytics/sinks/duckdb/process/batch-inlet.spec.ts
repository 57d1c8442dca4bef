import { describe, expect, it } from '@jest/globals';
import { PassThrough } from 'node:stream';
import { BatchInlet } from './batch-inlet.js';

const TEXT = '{"a":"é😀"}\n';

describe('BatchInlet', () => {
  it('gives the text of a batch wherever its bytes were cut', async () => {
    const bytes = Buffer.from(TEXT);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const pipe = new PassThrough();
      const text = new BatchInlet(pipe).take(bytes.length);
      pipe.write(bytes.subarray(0, cut));
      pipe.write(bytes.subarray(cut));
      expect(await text).toBe(TEXT);
    }
  });

  it('keeps what comes before it is asked for, and what comes behind a batch', async () => {
    const pipe = new PassThrough();
    const inlet = new BatchInlet(pipe);
    pipe.write('firstsec');
    expect(await inlet.take(5)).toBe('first');
    const second = inlet.take(6);
    pipe.write('ond');
    expect(await second).toBe('second');
  });
});
