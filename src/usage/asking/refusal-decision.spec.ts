import { describe, expect, it } from '@jest/globals';
import { lessonOf, mayRefuse, mayRepeat, type RefusalFacts } from './refusal-decision.js';

describe('an error', () => {
  it.each([
    [400, true],
    [422, true],
    [404, true],
    [500, true],
    [501, true],
    [401, false],
    [429, false],
    [502, false],
    [503, false],
  ])('with %i may refuse the question: %s', (status, expected) => {
    expect(mayRefuse(status)).toBe(expected);
  });
});

describe('a request that was refused', () => {
  const unknown: RefusalFacts = { status: 400, isNamed: false, hasAnswer: false, isInVain: false };

  it.each([
    ['an error that names the question', { status: 500, isNamed: true }, true],
    ['one that names it where it was answered', { isNamed: true, hasAnswer: true }, true],
    ['one right after a repeat in vain', { isNamed: true, hasAnswer: true, isInVain: true }, false],
    ['a refusal that says nothing of it', {}, true],
    ['such a refusal where it was answered', { hasAnswer: true }, false],
    ['another refusal', { status: 422 }, true],
    ['a failure that says nothing of it', { status: 500 }, false],
  ] as const)('is repeated without the question after %s: %j, %s', (_, known, expected) => {
    expect(mayRepeat({ ...unknown, ...known })).toBe(expected);
  });
});

describe('a repeat without the question', () => {
  it.each([
    [200, true, 'refused'],
    [200, false, 'nothing'],
    [400, true, 'in-vain'],
    [400, false, 'in-vain'],
    [503, true, 'in-vain'],
    [503, false, 'nothing'],
  ] as const)('that is answered with %i, by the same backend: %s, teaches: %s', (...row) => {
    const [status, isSame, expected] = row;
    expect(lessonOf({ status, isSame })).toBe(expected);
  });
});
