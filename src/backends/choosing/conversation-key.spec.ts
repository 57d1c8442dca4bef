import { describe, expect, it } from '@jest/globals';
import { affinityKey, conversationKey } from './conversation-key.js';

const SYSTEM = { role: 'system', content: 'You are brief.' };
const QUESTION = { role: 'user', content: 'Why is the sky blue?' };

describe('affinityKey', () => {
  it('is that of the header', () => {
    const key = (value: string | null) =>
      affinityKey({ kind: 'header', name: 'x-session' }, (name) => `${name}=${value}`, undefined);
    expect(key('a')).toBe(key('a'));
    expect(key('a')).not.toBe(key('b'));
  });

  it.each([null, ''])('is none when the header is %j', (value) => {
    expect(affinityKey({ kind: 'header', name: 'x-session' }, () => value, undefined)).toBeNull();
  });

  it('is that of the conversation', () => {
    const body = { messages: [SYSTEM, QUESTION] };
    expect(affinityKey({ kind: 'prefix' }, () => 'any', body)).toBe(conversationKey(body));
  });
});

describe('conversationKey', () => {
  const keyOf = (...messages: readonly unknown[]) => conversationKey({ messages });

  it('stays the same while the conversation goes on', () => {
    const answer = { role: 'assistant', content: 'Scattering.' };
    const further = { role: 'user', content: 'And at dusk?' };
    expect(keyOf(SYSTEM, QUESTION, answer, further)).toBe(keyOf(SYSTEM, QUESTION));
  });

  it('does not depend on anything but the messages', () => {
    const messages = [SYSTEM, QUESTION];
    expect(conversationKey({ model: 'a', temperature: 1, messages })).toBe(
      conversationKey({ model: 'b', messages, stream: true }),
    );
  });

  it.each([
    ['another system prompt', [{ ...SYSTEM, content: 'You are long.' }, QUESTION]],
    ['another question', [SYSTEM, { ...QUESTION, content: 'Why is grass green?' }]],
    ['another role', [{ ...SYSTEM, role: 'developer' }, QUESTION]],
    ['no system prompt', [QUESTION]],
    ['the same text cut elsewhere', [{ ...SYSTEM, content: 'You are brief.Why' }, QUESTION]],
  ])('is another with %s', (_what, messages) => {
    expect(keyOf(...messages)).not.toBe(keyOf(SYSTEM, QUESTION));
  });

  it('takes the system prompt from beside the messages, too', () => {
    const key = (system: string) => conversationKey({ system, messages: [QUESTION] });
    expect(key('You are brief.')).not.toBe(key('You are long.'));
  });

  it('reads text parts, and nothing of images', () => {
    const parts = (url: string) => ({
      role: 'user',
      content: [
        { type: 'image_url', image_url: { url } },
        { type: 'text', text: 'Why is the sky blue?' },
      ],
    });
    expect(keyOf(SYSTEM, parts('data:a'))).toBe(keyOf(SYSTEM, QUESTION));
    expect(keyOf(SYSTEM, parts('data:b'))).toBe(keyOf(SYSTEM, QUESTION));
  });

  it('reads 4,096 characters of a message and no more', () => {
    const start = 'x'.repeat(4095);
    const key = (end: string) => keyOf({ role: 'user', content: start + end });
    expect(key('ab')).toBe(key('ac'));
    expect(key('ab')).not.toBe(key('bb'));
  });

  it('reads eight messages and no more when none is of the user', () => {
    const seven = Array.from({ length: 7 }, () => SYSTEM);
    expect(keyOf(...seven, SYSTEM, QUESTION)).toBe(keyOf(...seven, SYSTEM));
    expect(keyOf(...seven, QUESTION)).not.toBe(keyOf(...seven, SYSTEM));
  });

  it.each([
    undefined,
    null,
    'text',
    [],
    {},
    { messages: null },
    { messages: {} },
    { messages: [] },
    { messages: ['text'] },
    { messages: [null] },
    { messages: [[]] },
  ])('is none for %j', (body) => {
    expect(conversationKey(body)).toBeNull();
  });

  it('never throws on odd roles and contents', () => {
    const odd = JSON.parse(
      '[{"role":{"toString":1,"valueOf":1},"content":{"text":[]}}]',
    ) as unknown;
    expect(conversationKey({ messages: odd })).not.toBeNull();
    expect(keyOf({ role: 'user', content: [null, 1, { text: 2 }, []] })).not.toBeNull();
  });
});
