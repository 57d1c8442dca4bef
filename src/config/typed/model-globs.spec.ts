import { describe, expect, it } from '@jest/globals';
import { matchesEverything, matchesGlob } from './model-globs.js';

describe('matchesGlob', () => {
  it.each([
    ['*', '', true],
    ['*', 'anything', true],
    ['', '', true],
    ['', 'a', false],
    ['gpt-4o', 'gpt-4o', true],
    ['gpt-4o', 'gpt-4o-mini', false],
    ['gpt-*', 'gpt-', true],
    ['gpt-*', 'a-gpt-4', false],
    ['*-mini', 'gpt-4o-mini', true],
    ['*-mini', 'mini-mini-maxi', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['gpt-?', 'gpt-4', true],
    ['gpt-?', 'gpt-', false],
    ['gpt-?', 'gpt-40', false],
    ['?*', '', false],
    ['a.c', 'abc', false],
    ['[ab]', 'a', false],
    ['GPT-4', 'gpt-4', false],
    ['*/llama', 'meta/llama', true],
  ])('%j against %j is %s', (glob, name, expected) => {
    expect(matchesGlob(glob, name)).toBe(expected);
  });

  it('takes no exponential time for many stars', () => {
    expect(matchesGlob(`${'*a'.repeat(50)}b`, 'a'.repeat(5_000))).toBe(false);
  });
});

describe('matchesEverything', () => {
  it('is true when one of the globs is only stars', () => {
    expect(matchesEverything(['gpt-*', '**'])).toBe(true);
    expect(matchesEverything(['gpt-*', '?*'])).toBe(false);
    expect(matchesEverything([])).toBe(false);
  });
});
