import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ParamsConfig } from '../config/typed/params-config.js';
import { withParameters } from './parameters.js';

type Values = Readonly<Record<string, unknown>>;

function params({
  set = {},
  fill = {},
  drop = [],
}: {
  set?: Values;
  fill?: Values;
  drop?: readonly string[];
}): ParamsConfig {
  const parametersOf = (values: Values) =>
    Object.entries(values).map(([name, value]) => ({ name, json: JSON.stringify(value) }));
  return { set: parametersOf(set), default: parametersOf(fill), drop };
}

const NOTHING = params({});
const NO_CHANGE = { appendToLastUserMessage: null };

const changed = (text: string, choice: Parameters<typeof params>[0]) =>
  withParameters(text, params(choice), NO_CHANGE);

const appended = (text: string, appendToLastUserMessage: string) =>
  withParameters(text, NOTHING, { appendToLastUserMessage });

describe('withParameters', () => {
  it.each<[string, string, Parameters<typeof params>[0], string]>([
    ['sets over the request', '{"a":1.0,"b":2}', { set: { a: 3 } }, '{"a":3,"b":2}'],
    ['sets what is missing at the end', '{ "b" : 2 }', { set: { a: [1] } }, '{ "b" : 2,"a":[1] }'],
    ['sets in an empty object', '{}', { set: { a: null } }, '{"a":null}'],
    [
      'sets every member of a name',
      '{"a":1,"b":2,"a":3}',
      { set: { a: 0 } },
      '{"a":0,"b":2,"a":0}',
    ],
    ['sets a member whose name is escaped', '{"\\u0061":1}', { set: { a: 0 } }, '{"\\u0061":0}'],
    ['sets an object as a whole', '{"a":{"b":1}}', { set: { a: { c: 2 } } }, '{"a":{"c":2}}'],
    ['takes a dot as a character', '{"a":{"b":1}}', { set: { 'a.b': 2 } }, '{"a":{"b":1},"a.b":2}'],
    ['sets text beside text', '{"ä":"ö"}', { set: { ü: '…"' } }, '{"ä":"ö","\\u00fc":"…\\""}'],
    ['fills what was left out', '{"b":2}', { fill: { a: 1 } }, '{"b":2,"a":1}'],
    ['fills nothing that is there', '{"a":1}', { fill: { a: 2 } }, '{"a":1}'],
    ['takes null as being there', '{"a":null}', { fill: { a: 2 } }, '{"a":null}'],
    ['drops a member', '{"a":1, "b":2}', { drop: ['a'] }, '{"b":2}'],
    ['drops every member of a name', '{"a":1,"b":2,"a":3}', { drop: ['a'] }, '{"b":2}'],
    ['drops the only member', '{ "a" : 1 }', { drop: ['a'] }, '{  }'],
    ['drops what is not there', '{"b":2}', { drop: ['a'] }, '{"b":2}'],
    [
      'does all three at once',
      '{"model":"m","seed":7,"top_k":1}',
      { set: { temperature: 0.7 }, fill: { top_k: 20, n: 1 }, drop: ['seed'] },
      '{"model":"m","top_k":1,"temperature":0.7,"n":1}',
    ],
    [
      'keeps what no number holds',
      '{"a":9223372036854775807,"b":1.0}',
      { set: { c: 1 } },
      '{"a":9223372036854775807,"b":1.0,"c":1}',
    ],
    ['leaves a list alone', '[1]', { set: { a: 1 } }, '[1]'],
    ['leaves what is no JSON alone', '{"a":', { set: { a: 1 } }, '{"a":'],
  ])('%s', (_what, text, choice, expected) => {
    expect(changed(text, choice)).toBe(expected);
  });
});

describe('withParameters, appending to the last user message', () => {
  const chat = (...messages: string[]) => `{"messages":[${messages.join(', ')}]}`;

  it.each<[string, string, string]>([
    [
      'puts text at the end of a string',
      chat('{"role":"user","content":"a\\u0062"}'),
      chat('{"role":"user","content":"a\\u0062 /no_think"}'),
    ],
    [
      'takes the last message of the user alone',
      chat(
        '{"role":"user","content":"a"}',
        '{"content":"b","role":"\\u0075ser"}',
        '{"role":"assistant","content":"c"}',
      ),
      chat(
        '{"role":"user","content":"a"}',
        '{"content":"b /no_think","role":"\\u0075ser"}',
        '{"role":"assistant","content":"c"}',
      ),
    ],
    [
      'takes the last text among parts',
      chat(
        '{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"},{"type":"image_url"}]}',
      ),
      chat(
        '{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b /no_think"},{"type":"image_url"}]}',
      ),
    ],
    [
      'adds a text to parts that have none',
      chat('{"role":"user","content":[{"type":"image_url"}]}'),
      chat('{"role":"user","content":[{"type":"image_url"},{"type":"text","text":" /no_think"}]}'),
    ],
    [
      'appends to each of two members of one name',
      '{"messages":[{"role":"user","content":"a","content":"b"}],"messages":[{"role":"user","content":"c"}]}',
      '{"messages":[{"role":"user","content":"a /no_think","content":"b /no_think"}],"messages":[{"role":"user","content":"c /no_think"}]}',
    ],
    [
      'leaves a content of null alone',
      chat('{"role":"user","content":null}'),
      chat('{"role":"user","content":null}'),
    ],
    [
      'leaves a request without user messages alone',
      chat('{"role":"system","content":"a"}'),
      chat('{"role":"system","content":"a"}'),
    ],
    ['leaves a request without messages alone', '{"prompt":"a"}', '{"prompt":"a"}'],
    [
      'leaves messages of another type alone',
      '{"messages":["user",{"role":5},null]}',
      '{"messages":["user",{"role":5},null]}',
    ],
  ])('%s', (_what, text, expected) => {
    expect(appended(text, ' /no_think')).toBe(expected);
  });

  it('escapes what a JSON string cannot hold', () => {
    expect(appended(chat('{"role":"user","content":""}'), '\n"\\ж')).toBe(
      chat('{"role":"user","content":"\\n\\"\\\\ж"}'),
    );
  });

  it('changes parameters beside the message', () => {
    const text = '{"messages":[{"role":"user","content":"a"}],"seed":1}';
    const choice = params({ set: { n: 1 }, drop: ['seed'] });
    expect(withParameters(text, choice, { appendToLastUserMessage: 'b' })).toBe(
      '{"messages":[{"role":"user","content":"ab"}],"n":1}',
    );
  });

  it.each([params({ set: { messages: [] } }), params({ drop: ['messages'] })])(
    'leaves messages that are replaced or dropped to that',
    (choice) => {
      const text = '{"messages":[{"role":"user","content":"a"}]}';
      expect(withParameters(text, choice, { appendToLastUserMessage: 'b' })).toBe(
        withParameters(text, choice, NO_CHANGE),
      );
    },
  );

  it('gives back the very string where there is nothing to do', () => {
    const text = '{"messages":[{"role":"user","content":"a"}]}';
    expect(withParameters(text, NOTHING, { appendToLastUserMessage: '' })).toBe(text);
    expect(withParameters(text, NOTHING, NO_CHANGE)).toBe(text);
  });
});

describe('withParameters of arbitrary requests', () => {
  const space = fc.stringMatching(/^[ \n\t\r]{0,2}$/);
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'a.b');
  const value = fc.constantFrom('1.0', '9223372036854775807', '"\\u0000ж"', 'null', '[ 1 , {} ]');
  const member = fc
    .tuple(space, name, space, value, space)
    .map(([before, key, gap, text, after]) => ({
      key,
      text: `${before}"${key}"${gap}:${gap}${text}${after}`,
    }));
  const valueIn = (text: string, key: string) =>
    (JSON.parse(`{${text}}`) as Record<string, unknown>)[key];
  const names = fc.uniqueArray(name, { maxLength: 5 });

  it('keeps every character of a member that is not touched, and their order', () => {
    fc.assert(
      fc.property(fc.array(member), names, names, names, (members, set, fill, drop) => {
        const text = `{${members.map((one) => one.text).join(',')}}`;
        const choice = params({
          set: Object.fromEntries(set.filter((one) => !drop.includes(one)).map((one) => [one, 0])),
          fill: Object.fromEntries(
            fill.filter((one) => !drop.includes(one) && !set.includes(one)).map((one) => [one, 1]),
          ),
          drop,
        });
        const result = withParameters(text, choice, NO_CHANGE);
        const touched = new Set([...set, ...drop]);
        const kept = members.filter(({ key }) => !touched.has(key)).map((one) => one.text.trim());
        let at = 0;
        for (const part of kept) {
          at = result.indexOf(part, at);
          expect(at).toBeGreaterThanOrEqual(0);
          at += part.length;
        }
        const before = new Set<string>(members.map(({ key }) => key));
        const expected = new Map<string, unknown>([
          ...members.map(({ key, text: one }) => [key, valueIn(one, key)] as const),
          ...fill.filter((one) => !before.has(one)).map((one) => [one, 1] as const),
          ...set.map((one) => [one, 0] as const),
        ]);
        for (const one of drop) expected.delete(one);
        expect(JSON.parse(result)).toEqual(Object.fromEntries(expected));
      }),
      { numRuns: 2000 },
    );
  });

  it('adds to the last user message and changes no other character', () => {
    const content = fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text));
    const message = fc.record({ role: fc.constantFrom('user', 'assistant'), content });
    fc.assert(
      fc.property(fc.array(message), fc.string({ unit: 'binary', minLength: 1 }), (list, tail) => {
        const spelled = (one: { role: string; content: string }) =>
          ` { "role" : "${one.role}", "content":\t${one.content} }`;
        const last = list.findLastIndex(({ role }) => role === 'user');
        const literal = JSON.stringify(tail).slice(1, -1);
        const texts = list.map((one, index) =>
          index === last
            ? spelled({ ...one, content: `${one.content.slice(0, -1)}${literal}"` })
            : spelled(one),
        );
        const before = `{"n":1.0,"messages":[${list.map(spelled).join(',')}] }`;
        expect(appended(before, tail)).toBe(`{"n":1.0,"messages":[${texts.join(',')}] }`);
      }),
      { numRuns: 2000 },
    );
  });
});
