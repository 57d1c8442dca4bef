import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytesOfUtf8, jsonStringBytes, textOfJsonString } from '../../src/wire/byte-text.js';
import { numRuns } from './fuzz-runs.js';
import { stringText } from './json-text.js';

describe('JSON string literals of arbitrary texts', () => {
  it('read back, lone surrogates too', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: fc.constantFrom('\ud83c', '\udf0d', 'a') }),
        (text, surrogates) => {
          expect(textOfJsonString(jsonStringBytes(text + surrogates))).toBe(text + surrogates);
        },
      ),
      { numRuns },
    );
  });

  it('in any spelling read as JSON.parse reads them', () => {
    fc.assert(
      fc.property(stringText, (literal) => {
        const wellFormed = literal.toWellFormed();
        expect(textOfJsonString(bytesOfUtf8(wellFormed))).toBe(JSON.parse(wellFormed));
      }),
      { numRuns },
    );
  });
});
