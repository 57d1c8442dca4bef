import { describe, expect, it } from '@jest/globals';
import { promptTextOf } from './prompt-text.js';

describe('promptTextOf', () => {
  it('gathers the text of messages, their tool calls and the tools', () => {
    const { text, factor, frameTokens } = promptTextOf({
      messages: [
        { role: 'system', content: 'be ' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'short ' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          ],
        },
        { role: 'assistant', content: null, tool_calls: [{ id: 1 }] },
      ],
      tools: [{ type: 'function' }],
    });
    expect(text).toBe('systembe usershort assistant[{"id":1}][{"type":"function"}]');
    expect([factor, frameTokens]).toEqual([1, 12]);
  });

  it.each([
    [{ prompt: 'a' }, 'a', 0],
    [{ prompt: ['a', 'b'] }, 'ab', 0],
    [{ input: [[1, 2, 3], [4]] }, '', 4],
    [{ input: 'a' }, 'a', 0],
    [{ instructions: 'a', input: [{ role: 'b', content: [{ text: 'c' }] }] }, 'bca', 3],
    [{ system: 'a', messages: [] }, 'a', 3],
    [{ system: [{ type: 'text', text: 'a' }] }, 'a', 3],
    [{ messages: 'no', tools: {}, prompt: null }, '', 0],
    [null, '', 0],
  ])('reads %j', (request, text, frameTokens) => {
    expect(promptTextOf(request)).toEqual({ text, factor: 1, frameTokens });
  });

  it('reads 256 Ki characters and takes the rest to be like them', () => {
    const { text, factor } = promptTextOf({ input: ['a'.repeat(200_000), 'b'.repeat(324_288)] });
    expect(text).toHaveLength(262_144);
    expect(factor).toBe(2);
  });
});
