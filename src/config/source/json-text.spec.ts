import { describe, expect, it } from '@jest/globals';
import { parseJsonText } from './json-text.js';

const parse = (text: string) => parseJsonText(text, 'config.json');

describe('parseJsonText', () => {
  it('reads comments, trailing commas and a byte order mark', () => {
    expect(parse('\uFEFF// a\n{ "a": [1, /* b */ true,], }')).toEqual({
      value: { a: [1, true] },
      syntaxFaults: [],
      keyFaults: [],
    });
  });

  it.each([
    ['{\n  "a": }', 'line 2, column 8: a value is expected'],
    ['{ "a" 1 }', 'line 1, column 7: a colon is expected'],
    ['{ a: 1 }', 'line 1, column 3: this is no JSON value'],
    ['{\r\n"a": 1 "b": 2}', 'line 2, column 8: a comma is expected'],
    ['{ "a": "b\n}', 'line 1, column 8: the string does not end on its line'],
    ['', 'line 1, column 1: a value is expected'],
    ['{} {}', 'line 1, column 4: nothing may follow the first value'],
  ])('names line and column of what is wrong with %j', (text, message) => {
    expect(parse(text).syntaxFaults[0]).toEqual({ path: 'config.json', message });
  });

  it('never quotes the text at fault', () => {
    expect(JSON.stringify(parse('{ "api_key": sk-sentinel }'))).not.toContain('sentinel');
  });

  it.each(['__proto__', 'constructor', 'prototype', 'toString'])(
    'refuses %s as a key and leaves it out',
    (key) => {
      const { value, keyFaults } = parse(`{ "a": { "${key}": { "polluted": 1 } } }`);
      expect(keyFaults).toEqual([
        { path: `a.${key}`, message: 'this name is not allowed as a key' },
      ]);
      expect(value).toEqual({ a: {} });
      expect(Reflect.get({}, 'polluted')).toBeUndefined();
    },
  );

  it('refuses a key that is given twice', () => {
    expect(parse('{ "a": [{ "b": 1, "b": 2 }] }').keyFaults).toEqual([
      { path: 'a[0].b', message: 'is given twice' },
    ]);
  });

  it('refuses a text that is nested too deeply, however deep', () => {
    const { syntaxFaults } = parse('['.repeat(100_000));
    expect(syntaxFaults).toEqual([
      { path: 'config.json', message: 'line 1, column 65: nested too deeply' },
    ]);
  });

  it('accepts nesting up to the bound, and brackets in strings and comments', () => {
    const text = `${'['.repeat(64)}"[[{{" /* [ */${']'.repeat(64)}`;
    expect(parse(text).syntaxFaults).toEqual([]);
  });

  it('reports a handful of syntax faults, not all that follow from the first', () => {
    expect(parse('[1 '.repeat(40)).syntaxFaults).toHaveLength(5);
  });
});
