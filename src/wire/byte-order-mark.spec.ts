import { describe, expect, it } from '@jest/globals';
import { BOM, WithoutBom } from './byte-order-mark.js';

describe('WithoutBom', () => {
  it.each([
    [BOM, ''],
    [`${BOM}data`, 'data'],
    [`${BOM}${BOM}data`, `${BOM}data`],
    ['data', 'data'],
    [`data${BOM}`, `data${BOM}`],
    [`${BOM.slice(0, 2)}data`, `${BOM.slice(0, 2)}data`],
    [`${BOM.slice(0, 1)}${BOM}`, `${BOM.slice(0, 1)}${BOM}`],
  ])('makes %j %j, however it is cut', (text, expected) => {
    const bytes = Buffer.from(text, 'latin1');
    for (let first = 0; first <= bytes.length; first++) {
      for (let second = first; second <= bytes.length; second++) {
        const mark = new WithoutBom();
        const pieces = [
          bytes.subarray(0, first),
          bytes.subarray(first, second),
          bytes.subarray(second),
        ];
        const out = Buffer.concat(pieces.map((piece) => mark.feed(piece)));
        expect(out.toString('latin1')).toBe(expected);
      }
    }
  });
});
