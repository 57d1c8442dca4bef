import { describe, expect, it } from '@jest/globals';
import { apiKeyProblem, headersProblem } from './header-fields.js';

describe('apiKeyProblem', () => {
  it('accepts a key', () => {
    expect(apiKeyProblem('sk-proj-a_b.c/d+e==')).toBeNull();
  });

  it.each(['a\nb', 'a\rb', 'a\u0000b', 'Bearer sk', 'ключ', ' a', ''])('refuses %j', (key) => {
    expect(apiKeyProblem(key)).toContain('must be one word');
  });
});

describe('headersProblem', () => {
  it('accepts fields of any name that frames nothing', () => {
    expect(
      headersProblem({ 'x-team': 'a b', Authorization: 'Basic eA==', 'x-empty': '' }),
    ).toBeNull();
  });

  it.each<[string, object, string]>([
    ['a name with a space', { 'x y': '' }, '"x y" is no name of a header'],
    ['an empty name', { '': '' }, '"" is no name of a header'],
    ['a name with a line end', { 'x\r\ny': '' }, '"x\\r\\ny" is no name of a header'],
    ['a line end in a value', { a: 'b\r\nc: d' }, '"a" has a value with a line end'],
    ['a NUL in a value', { a: '\u0000' }, '"a" has a value with a line end'],
    ['a value beyond Latin-1', { a: 'ж' }, '"a" has a value with a line end'],
    ['a number', { a: 1 }, '"a" must have a string as its value'],
    ['a framing field', { 'Content-Length': '1' }, '"Content-Length" is set by Sluice itself'],
    ['the host', { host: 'h' }, '"host" is set by Sluice itself'],
    ['two spellings of one name', { 'X-A': '', 'x-a': '' }, '"x-a" is given twice'],
  ])('refuses %s', (_what, headers, problem) => {
    expect(headersProblem(headers)).toContain(problem);
  });

  it('names every wrong field at once, and no value', () => {
    const problem = headersProblem({ 'b d': 'sentinel', ok: 'sentinel', c: 'sentinel\n' });
    expect(problem).toContain('"b d"');
    expect(problem).toContain('"c"');
    expect(problem).not.toContain('sentinel');
  });
});
