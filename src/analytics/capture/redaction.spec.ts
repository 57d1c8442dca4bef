import { describe, expect, it } from '@jest/globals';
import { createRedaction } from './redaction.js';

describe('createRedaction', () => {
  it('replaces members of a name at any depth', () => {
    const redact = createRedaction(['content', 'user']);
    expect(redact({ user: 7, messages: [{ role: 'user', content: { text: 'secret' } }] })).toEqual({
      user: '[redacted]',
      messages: [{ role: 'user', content: '[redacted]' }],
    });
  });

  it('replaces what a path names, and nothing beside it', () => {
    const redact = createRedaction(['$.messages[*].content', '$.tools[1]']);
    expect(
      redact({
        content: 'top',
        messages: [{ content: 'a' }, { content: 'b', name: 'n' }],
        tools: [1, 2],
      }),
    ).toEqual({
      content: 'top',
      messages: [{ content: '[redacted]' }, { content: '[redacted]', name: 'n' }],
      tools: [1, '[redacted]'],
    });
  });

  it('follows a descent to every depth', () => {
    const redact = createRedaction(['$..image_url.url']);
    expect(
      redact({ a: [{ image_url: { url: 'x', detail: 'low' } }], image_url: { url: 'y' } }),
    ).toEqual({
      a: [{ image_url: { url: '[redacted]', detail: 'low' } }],
      image_url: { url: '[redacted]' },
    });
  });

  it('looks into a text that is JSON, by name and by path', () => {
    const call = (text: string): object => ({ function: { name: 'login', arguments: text } });
    const message = { tool_calls: [call('{"user": "me", "password": "x"}')] };
    const redacted = { tool_calls: [call('{"user":"me","password":"[redacted]"}')] };
    expect(createRedaction(['password'])(message)).toEqual(redacted);
    const path = '$.tool_calls[*].function.arguments.password';
    expect(createRedaction([path])(message)).toEqual(redacted);
    expect(createRedaction(['$..password'])(message)).toEqual(redacted);
    expect(createRedaction(['$.tool_calls[0].function.arguments'])(message)).toEqual({
      tool_calls: [call('[redacted]')],
    });
  });

  it('looks into JSON within JSON, and at each value of a name that occurs twice', () => {
    const redact = createRedaction(['password']);
    const inner = JSON.stringify({ password: 'x' });
    expect(redact({ content: JSON.stringify([{ text: inner }]) })).toEqual({
      content: JSON.stringify([{ text: '{"password":"[redacted]"}' }]),
    });
    expect(redact({ text: '{"a":{"password":"x"},"a":1}' })).toEqual({ text: '{"a":1}' });
    let deep: unknown = 'x';
    for (let depth = 0; depth < 10; depth++) deep = JSON.stringify({ [`d${depth}`]: deep });
    const named = createRedaction(['d0'])({ deep });
    expect(JSON.stringify(named)).not.toContain('"x');
    expect(JSON.stringify(named)).toContain('[redacted]');
  });

  it.each(['plain', '', '"{}', '{name}, hello', '[1] says {"password":"x"}', '7', ' { "a": 1.0 '])(
    'leaves the text %j as it is',
    (text) => {
      expect(createRedaction(['password'])({ content: text })).toEqual({ content: text });
    },
  );

  it.each(['arguments', 'input_json', 'partial_json'])(
    'replaces %s that is no JSON as a whole',
    (name) => {
      const redact = createRedaction(['password']);
      expect(redact([{ [name]: '{"password":"x' }])).toEqual([{ [name]: '[redacted]' }]);
      expect(redact([{ [name]: '' }])).toEqual([{ [name]: '' }]);
    },
  );

  it('looks into nothing that is deeper than its bound', () => {
    let deep: unknown = { secret: 'x' };
    for (let depth = 0; depth < 1000; depth++) deep = [deep];
    expect(JSON.stringify(createRedaction(['secret'])(deep))).not.toContain('"x"');
  });

  it('keeps a member called __proto__ a member', () => {
    const redact = createRedaction(['x']);
    expect(JSON.stringify(redact(JSON.parse('{"__proto__":{"x":1}}')))).toBe(
      '{"__proto__":{"x":"[redacted]"}}',
    );
  });

  it('hands the value over as it is where nothing is to be redacted', () => {
    const value = { a: 1 };
    expect(createRedaction([])(value)).toBe(value);
  });
});
