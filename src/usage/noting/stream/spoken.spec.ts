import { describe, expect, it } from '@jest/globals';
import { spokenIn } from './spoken.js';

describe('spokenIn', () => {
  it.each([
    ['a chat chunk', { choices: [{ delta: { content: 'a', reasoning_content: 'r' } }] }, 'a', 'r'],
    ['a chat reply', { choices: [{ message: { content: 'a', reasoning: 'r' } }] }, 'a', 'r'],
    ['a legacy chunk', { choices: [{ text: 'a' }] }, 'a', ''],
    ['several choices', { choices: [{ text: 'a' }, { text: 'b' }] }, 'ab', ''],
    [
      'a thought under two names',
      { choices: [{ delta: { reasoning: 'r', reasoning_content: 'r' } }] },
      '',
      'r',
    ],
    [
      'a tool call',
      { choices: [{ delta: { tool_calls: [{ function: { name: 'f', arguments: '{}' } }] } }] },
      'f{}',
      '',
    ],
    [
      'parts of content',
      {
        choices: [
          {
            delta: {
              content: [
                { type: 'thinking', thinking: [{ type: 'text', text: 'r' }] },
                { type: 'text', text: 'a' },
              ],
            },
          },
        ],
      },
      'a',
      'r',
    ],
    ['an event of a response', { type: 'response.output_text.delta', delta: 'a' }, 'a', ''],
    ['a thought of one', { type: 'response.reasoning_text.delta', delta: 'r' }, '', 'r'],
    ['an event of a message', { type: 'content_block_delta', delta: { text: 'a' } }, 'a', ''],
    ['a thought of one', { type: 'content_block_delta', delta: { thinking: 'r' } }, '', 'r'],
    [
      'an event without text',
      { choices: [{ delta: { role: 'assistant', content: null } }] },
      '',
      '',
    ],
  ])('reads %s', (_, value, answer, reasoning) => {
    expect(spokenIn(value)).toEqual({ answer, reasoning });
  });

  it.each([undefined, null, 1, 'text', [], { choices: [null, 1, {}] }, { choices: {} }])(
    'finds nothing in %p',
    (value) => {
      expect(spokenIn(value)).toEqual({ answer: '', reasoning: '' });
    },
  );
});
