import { describe, expect, it } from '@jest/globals';
import { GrowingSample } from './growing-sample.js';
import { ReplySamples, SAMPLE_BYTES } from './reply-samples.js';

/** Samples with no room left, and the buffers that took it. */
function fullSamples(): { samples: ReplySamples; buffers: Buffer[] } {
  const samples = new ReplySamples();
  const buffers: Buffer[] = [];
  for (let buffer = samples.take(); buffer !== null; buffer = samples.take()) buffers.push(buffer);
  return { samples, buffers };
}

describe('GrowingSample', () => {
  it('keeps the beginning of a reply by copy, and counts all of it', () => {
    const sample = new GrowingSample(true, new ReplySamples());
    const chunk = Buffer.alloc(10_000, 'a');
    sample.add(chunk);
    sample.add(Buffer.alloc(10_000, 'b'));
    sample.add(Buffer.alloc(10_000, 'c'));
    chunk.fill('x');
    expect(sample.finished()?.totalBytes).toBe(30_000);
    expect(sample.bytes).toEqual(
      Buffer.concat([Buffer.alloc(10_000, 'a'), Buffer.alloc(SAMPLE_BYTES - 10_000, 'b')]),
    );
  });

  it('copies a reply of one delivery when it is over', () => {
    const sample = new GrowingSample(false, new ReplySamples());
    const chunk = Buffer.from('whole');
    sample.add(chunk);
    const finished = sample.finished();
    chunk.fill('x');
    expect(finished?.bytes).toEqual(Buffer.from('whole'));
  });

  it('takes a buffer for the second delivery, and gives it back once', () => {
    const { samples, buffers } = fullSamples();
    samples.giveBack(buffers[0] ?? Buffer.alloc(0));
    const sample = new GrowingSample(true, samples);
    sample.add(Buffer.from('a'));
    const other = new GrowingSample(true, samples);
    other.add(Buffer.from('a'));
    other.add(Buffer.from('b'));
    sample.add(Buffer.from('b'));
    expect(sample.finished()).toBeNull();
    expect(other.finished()?.bytes).toEqual(Buffer.from('ab'));
    sample.release();
    other.release();
    other.release();
    expect(samples.take()).not.toBeNull();
    expect(samples.take()).toBeNull();
  });

  it('is empty for a reply without a body, which takes no room', () => {
    const { samples } = fullSamples();
    const finished = new GrowingSample(true, samples).finished();
    expect(finished).toMatchObject({ totalBytes: 0, bytes: new Uint8Array(0) });
  });
});
