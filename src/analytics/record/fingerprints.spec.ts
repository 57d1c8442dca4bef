import { describe, expect, it } from '@jest/globals';
import { clientKeyOf } from './client-key.js';
import { Fingerprints } from './fingerprints.js';

const keyIn = (headers: Readonly<Record<string, string>>) =>
  clientKeyOf({ header: (name) => headers[name] ?? null });

describe('the key of a client', () => {
  it.each<[Readonly<Record<string, string>>, string | null]>([
    [{ authorization: 'Bearer sk-1' }, 'sk-1'],
    [{ authorization: 'bearer   sk-1 ' }, 'sk-1'],
    [{ authorization: 'Basic dTpw' }, 'Basic dTpw'],
    [{ authorization: 'Bearer sk-1', 'api-key': 'sk-2', 'x-api-key': 'sk-3' }, 'sk-1'],
    [{ 'api-key': 'sk-2', 'x-api-key': 'sk-3' }, 'sk-2'],
    [{ 'x-api-key': 'sk-3' }, 'sk-3'],
    [{ authorization: 'Bearer ' }, null],
    // As it arrives: white space at the end is no part of a field (RFC 9110 §5.5).
    [{ authorization: 'Bearer' }, null],
    [{ authorization: 'Bearersk-1' }, 'Bearersk-1'],
    [{}, null],
  ])('in %j is %j', (headers, key) => {
    expect(keyIn(headers)).toBe(key);
  });
});

describe('a fingerprint', () => {
  it('is the first 12 hexadecimal digits of the SHA-256, whatever the seed, each time', () => {
    for (const seed of [0, 1, 0xffffffff]) {
      const fingerprints = new Fingerprints(seed);
      // NIST, SHA-256 examples: "abc".
      expect(fingerprints.of('abc')).toBe('ba7816bf8f01');
      expect(fingerprints.of('abc')).toBe('ba7816bf8f01');
      expect(fingerprints.size).toBe(1);
    }
  });

  it('tells keys apart that differ in one character', () => {
    const fingerprints = new Fingerprints(7);
    const keys = Array.from({ length: 1000 }, (_, index) => `sk-${index}`);
    expect(new Set(keys.map((key) => fingerprints.of(key))).size).toBe(1000);
    expect(fingerprints.size).toBe(1000);
  });

  it('is remembered for a bounded number of keys', () => {
    const fingerprints = new Fingerprints(7);
    for (let index = 0; index < 5000; index++) {
      fingerprints.of(`sk-${index}`);
      expect(fingerprints.size).toBeLessThanOrEqual(1024);
    }
    expect(fingerprints.of('abc')).toBe('ba7816bf8f01');
  });
});
