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

  it('looks into arguments that are encoded more than once', () => {
    const redact = createRedaction(['password']);
    let text = '{"password":"hunter2"}';
    let redacted = '{"password":"[redacted]"}';
    for (let times = 0; times < 3; times++) {
      expect(redact({ arguments: text, text })).toEqual({ arguments: redacted, text: redacted });
      text = JSON.stringify(text);
      redacted = JSON.stringify(redacted);
    }
    const broken = JSON.stringify('{"password":"hunter2');
    expect(redact({ arguments: broken })).toEqual({ arguments: '"[redacted]"' });
  });

  it.each([
    '{"password":"hunter2","a":',
    '\ufeff{"password":"hunter2"}',
    '[1] says {"password":"hunter2"}',
    '{"a":1}{"password":"hunter2"}',
    '{"a":"{\\"password\\":\\"hunter2',
  ])('replaces the text %j, which is no JSON and has the name', (text) => {
    const redacted = { content: '[redacted]' };
    expect(createRedaction(['password'])({ content: text })).toEqual(redacted);
    expect(createRedaction(['$..password'])({ content: text })).toEqual(redacted);
    expect(createRedaction(['word'])({ content: text })).toEqual({ content: text });
  });

  it.each(['{"n":12345678901234567890, "x": 1.0}', '[{"a":1},{"a":"\\"a\\":"}]', '"a: 1.0"'])(
    'leaves the JSON %j as it is where there is nothing to replace',
    (text) => {
      expect(createRedaction(['password'])({ content: text })).toEqual({ content: text });
    },
  );

  it('leaves out what a name held that occurs twice, in JSON within JSON, too', () => {
    const twice = '{"a":{"password":"x"},"a":1}';
    const redact = createRedaction(['password']);
    expect(redact({ text: JSON.stringify([twice]) })).toEqual({
      text: JSON.stringify(['{"a":1}']),
    });
  });

  it.each(['plain', '', '"{}', '{name}, hello', 'it says {"password":"x"}', '7', ' { "a": 1.0 '])(
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
