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
