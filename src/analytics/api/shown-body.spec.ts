import { describe, expect, it } from '@jest/globals';
import { shownBody } from './shown-body.js';

describe('a captured body', () => {
  it('is shown as the object or the list that it is', () => {
    expect(shownBody('{"model":"m","n":1}')).toEqual({ model: 'm', n: 1 });
    expect(shownBody(' [1,{"a":null}]')).toEqual([1, { a: null }]);
  });

  it.each([
    '',
    'plain text',
    '{"model":"m…',
    '"a text"',
    '12345678901234567890',
    'true',
    '{"a":1} b',
  ])('is shown as text where it is none: %j', (text) => {
    expect(shownBody(text)).toBe(text);
  });

  it('is shown as text where it is nested too deeply to be written', () => {
    const text = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(shownBody(text)).toBe(text);
  });

  it('is shown as nothing where nothing was kept', () => {
    expect(shownBody(null)).toBeNull();
  });
});
