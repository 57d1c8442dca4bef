import { describe, expect, it } from '@jest/globals';
import { csvHead, csvLine } from './csv.js';

describe('CSV', () => {
  it('names the columns in a line of its own', () => {
    expect(csvHead(['id', 'status'])).toBe('id,status\r\n');
  });

  it('writes the columns in their order, nothing for what nobody knows', () => {
    const row = { c: true, a: 'x', b: null, unlisted: 1 };
    expect(csvLine(['a', 'b', 'c', 'd'], row)).toBe('x,,true,\r\n');
  });

  it.each([
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['a\rb', '"a\rb"'],
    [' spaced ', ' spaced '],
    ['Zürich 東京', 'Zürich 東京'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@sum(a1)', "'@sum(a1)"],
    ['\tx', "'\tx"],
    ['\r=1', `"'\r=1"`],
    ['=a,"b"', `"'=a,""b"""`],
    ['a=1', 'a=1'],
    [-1.5, '-1.5'],
    [0, '0'],
    [false, 'false'],
    [[{ backend: 'a' }], '"[{""backend"":""a""}]"'],
  ])('writes %p as %s', (value, field) => {
    expect(csvLine(['value'], { value })).toBe(`${field}\r\n`);
  });
});
