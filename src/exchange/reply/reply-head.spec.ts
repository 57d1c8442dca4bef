import { describe, expect, it } from '@jest/globals';
import { codingIn } from './reply-head.js';

describe('codingIn', () => {
  it.each([
    [[], null],
    [['identity'], null],
    [[''], null],
    [['identity, ,Identity'], null],
    [[' GZip '], 'gzip'],
    [['gzip, identity'], 'gzip'],
    [['identity', 'br'], 'br'],
    [['gzip, br'], 'gzip, br'],
    [['gzip', 'br'], 'gzip, br'],
    [['gzip', 'gzip'], 'gzip, gzip'],
  ])('reads %j', (values, coding) => {
    const fields = values.flatMap((value) => ['Content-Encoding', value, 'content-type', 'x/y']);
    expect(codingIn(fields)).toBe(coding);
  });
});
