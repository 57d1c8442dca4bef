import { describe, expect, it } from '@jest/globals';
import { hashOf, mixedHash } from './key-hash.js';

describe('hashOf', () => {
  it('is the beginning of the SHA-1, so the same in every process', () => {
    // RFC 3174 §7.3, test 1: A9993E36 …
    expect(hashOf('abc')).toBe(0xa9993e36);
  });
});

describe('mixedHash', () => {
  it('is unsigned and of 32 bits', () => {
    for (let key = 0; key < 1000; key++) {
      const mixed = mixedHash(key, 0xffffffff);
      expect(mixed).toBe(mixed >>> 0);
    }
  });

  it('changes about half of the bits when one bit of the input changes', () => {
    let changed = 0;
    for (let bit = 0; bit < 32; bit++) {
      const difference = mixedHash(0x12345678, 0) ^ mixedHash((0x12345678 ^ (1 << bit)) >>> 0, 0);
      changed += (difference >>> 0).toString(2).replaceAll('0', '').length;
    }
    expect(changed / 32).toBeGreaterThan(14);
    expect(changed / 32).toBeLessThan(18);
  });
});
