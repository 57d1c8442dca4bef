import { describe, expect, it } from '@jest/globals';
import { type JsonSpan, member, membersNamed } from './json-span.js';
import { parseSpans } from './parse-spans.js';

function spansOf(text: string): JsonSpan {
  const span = parseSpans(text);
  if (span === null) throw new Error(`not JSON: ${text}`);
  return span;
}

describe('parseSpans', () => {
  it('tells where every value and name of a text stands', () => {
    expect(parseSpans(' {"a" : [1.0,true] ,"b":{"c":"x"}}\n')).toEqual({
      kind: 'object',
      start: 1,
      end: 34,
      members: [
        {
          key: 'a',
          keyStart: 2,
          keyEnd: 5,
          value: {
            kind: 'array',
            start: 8,
            end: 18,
            items: [
              { kind: 'number', start: 9, end: 12 },
              { kind: 'literal', start: 13, end: 17 },
            ],
          },
        },
        {
          key: 'b',
          keyStart: 20,
          keyEnd: 23,
          value: {
            kind: 'object',
            start: 24,
            end: 33,
            members: [
              {
                key: 'c',
                keyStart: 25,
                keyEnd: 28,
                value: { kind: 'string', start: 29, end: 32 },
              },
            ],
          },
        },
      ],
    });
  });

  it.each([
    ['null', 'literal'],
    ['false', 'literal'],
    ['-0.5e+10', 'number'],
    ['0', 'number'],
    ['"\\u00e9\\"\\\\"', 'string'],
    ['[]', 'array'],
    ['{ }', 'object'],
  ])('takes %s alone as a text of kind %s', (text, kind) => {
    expect(parseSpans(text)).toMatchObject({ kind, start: 0, end: text.length });
  });

  it.each([
    '',
    ' ',
    'nul',
    'truE',
    'undefined',
    '01',
    '-',
    '+1',
    '.5',
    '1.',
    '1e',
    '0x1',
    'NaN',
    '"',
    '"\\',
    '"\\"',
    '"\\x"',
    '"\\u12"',
    '"\\u12g4"',
    '"a\tb"',
    '"a\nb"',
    "'a'",
    '[',
    '[1',
    '[1,',
    '[1,]',
    '[,1]',
    '[1 2]',
    '[1}',
    '{',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '{"a":1,}',
    '{"a" 1}',
    '{a:1}',
    '{1:1}',
    '{"a":1]',
    '1 2',
    '{} x',
    '[1] // comment',
    '\ufeff{}',
    '\u00a01',
    '\u00001',
  ])('refuses %j', (text) => {
    expect(parseSpans(text)).toBeNull();
    expect(parseSpans(text, { depth: 0 })).toBeNull();
    expect(parseSpans(`{"deep":{"deeper":${text}}}`, { depth: 1 })).toBeNull();
  });

  it('takes the escapes and plain characters of RFC 8259 §7, and no other', () => {
    const bytes = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));
    const taken = (before: string) =>
      bytes.filter((character) => parseSpans(`"${before}${character}"`) !== null).join('');
    expect(taken('\\')).toBe('"/\\bfnrt');
    expect(taken('\\u00a')).toBe('0123456789ABCDEFabcdef');
    expect(taken('')).toBe(bytes.slice(0x20).join('').replace(/["\\]/g, ''));
  });

  it('keeps duplicate names, in order', () => {
    const span = spansOf('{"a":1,"b":2,"a":3}');
    expect(span.members?.map(({ key }) => key)).toEqual(['a', 'b', 'a']);
  });

  it('decodes the escapes of a name and of no value', () => {
    const text = '{"\\u006dodel":"\\u006d","plain":"a\\nb","a\\"b":1}';
    const span = spansOf(text);
    expect(span.members?.map(({ key }) => key)).toEqual(['model', 'plain', 'a"b']);
    expect(span.members?.map(({ value }) => text.slice(value.start, value.end))).toEqual([
      '"\\u006d"',
      '"a\\nb"',
      '1',
    ]);
  });

  it('takes any byte of a byte string as it is', () => {
    const text = '{"a":"\u00ff\u0080","b":"\u00c3\u00a9"}';
    expect(parseSpans(text)).toMatchObject({ end: text.length });
  });

  it('lists no more levels than asked for, yet checks them all', () => {
    const text = '{"a":{"b":{"c":1}},"d":[[2]]}';
    expect(parseSpans(text, { depth: 0 })).toEqual({ kind: 'object', start: 0, end: 29 });
    expect(parseSpans(text, { depth: 1 })?.members?.map(({ value }) => value)).toEqual([
      { kind: 'object', start: 5, end: 18 },
      { kind: 'array', start: 23, end: 28 },
    ]);
    expect(parseSpans('{"a":{"b":{"c":tru}}}', { depth: 1 })).toBeNull();
  });

  it('takes 512 levels and refuses one more', () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    const objects = (levels: number) => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);
    expect(parseSpans(nested(512))).not.toBeNull();
    expect(parseSpans(nested(513))).toBeNull();
    expect(parseSpans(nested(513), { depth: 0 })).toBeNull();
    expect(parseSpans(objects(512))).not.toBeNull();
    expect(parseSpans(objects(513))).toBeNull();
    expect(parseSpans('['.repeat(1_000_000))).toBeNull();
  });
});

describe('members of a span', () => {
  const text = '{"model":1,"n":2,"model":3}';

  it('member is the last of the name, as JSON.parse takes it', () => {
    expect(member(spansOf(text), 'model')).toMatchObject({ keyStart: 17 });
    expect(member(spansOf(text), 'none')).toBeNull();
    expect(member(spansOf('[1]'), 'model')).toBeNull();
  });

  it('membersNamed are all of the name', () => {
    expect(membersNamed(spansOf(text), 'model').map(({ keyStart }) => keyStart)).toEqual([1, 17]);
    expect(membersNamed(spansOf(text), 'none')).toEqual([]);
    expect(membersNamed(spansOf('1'), 'model')).toEqual([]);
  });
});
