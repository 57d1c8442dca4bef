import { describe, expect, it } from '@jest/globals';
import { ReplySamples, SAMPLE_BYTES } from './reply-samples.js';

describe('ReplySamples', () => {
  it('has room for 32 MiB of them', () => {
    const samples = new ReplySamples();
    const taken = Array.from({ length: (32 * 1024 * 1024) / SAMPLE_BYTES }, () => samples.take());
    expect(taken).not.toContain(null);
    expect(samples.take()).toBeNull();
    samples.giveBack(Buffer.alloc(SAMPLE_BYTES));
    expect(samples.take()).not.toBeNull();
    expect(samples.take()).toBeNull();
  });
});
