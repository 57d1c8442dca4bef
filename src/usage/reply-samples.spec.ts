import { describe, expect, it } from '@jest/globals';
import { ReplySamples, SAMPLE_BYTES } from './reply-samples.js';

describe('ReplySamples', () => {
  it('keeps the beginning of a reply by copy, and counts all of it', () => {
    const sample = new ReplySamples().begin('stream');
    const chunk = Buffer.alloc(10_000, 'a');
    sample?.add(chunk);
    chunk.fill('b');
    sample?.add(chunk);
    expect(sample?.totalBytes).toBe(20_000);
    expect(sample?.bytes).toEqual(
      Buffer.concat([Buffer.alloc(10_000, 'a'), Buffer.alloc(SAMPLE_BYTES - 10_000, 'b')]),
    );
  });

  it('has room for 32 MiB of them, which comes back once', () => {
    const samples = new ReplySamples();
    const taken = Array.from({ length: (32 * 1024 * 1024) / SAMPLE_BYTES }, () =>
      samples.begin('json'),
    );
    expect(taken).not.toContain(null);
    expect(samples.begin('json')).toBeNull();
    taken[0]?.release();
    taken[0]?.release();
    expect(samples.begin('json')).not.toBeNull();
    expect(samples.begin('json')).toBeNull();
  });
});
