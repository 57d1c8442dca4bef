import { describe, expect, it } from '@jest/globals';
import { policyOf, tagsOf } from '../../../test/conformance/rewriting.js';
import { type ReasoningPolicy } from '../../config/typed/reasoning-policy.js';
import { withHistory } from './history.js';

function edited(message: string, policy: Partial<ReasoningPolicy>): string {
  const body = `{"messages":[${message}]}`;
  const result = withHistory(body, policyOf(policy));
  return result.slice('{"messages":['.length, -2);
}

const TAGGED = '{"role":"assistant","content":"<think>\\nr\\n</think>\\n\\na"}';
const FIELD = '{"role":"assistant","content":"a","reasoning":"r"}';
const HARMONY =
  '{"role":"assistant","content":"<|channel|>analysis<|message|>r<|end|><|start|>assistant<|channel|>final<|message|>a"}';

describe('withHistory', () => {
  it.each<[string, string, Partial<ReasoningPolicy>, string]>([
    ['tags stripped', TAGGED, { history: 'strip' }, '{"role":"assistant","content":"a"}'],
    [
      'tags to a field',
      TAGGED,
      { history: 'reasoning_content' },
      '{"role":"assistant","content":"a","reasoning_content":"r\\n"}',
    ],
    ['tags to the same tags', TAGGED, { history: 'tags' }, TAGGED],
    [
      'harmony to tags',
      HARMONY,
      { history: 'tags', input: 'harmony' },
      '{"role":"assistant","content":"<think>r</think>a"}',
    ],
    ['a field stripped', FIELD, { history: 'strip' }, '{"role":"assistant","content":"a"}'],
    [
      'the blocks that repeat a field stripped',
      '{"role":"assistant","content":"a","reasoning_content":"r","thinking_blocks":[{"thinking":"r","signature":"s"}]}',
      { history: 'strip' },
      '{"role":"assistant","content":"a"}',
    ],
    [
      'the blocks that repeat a field kept, whose signatures belong to it',
      '{"role":"assistant","content":"a","reasoning":"r","thinking_blocks":[]}',
      { history: 'reasoning_content' },
      '{"role":"assistant","content":"a","thinking_blocks":[],"reasoning_content":"r"}',
    ],
    [
      'a field renamed',
      FIELD,
      { history: 'reasoning_content' },
      '{"role":"assistant","content":"a","reasoning_content":"r"}',
    ],
    ['a field that is right', FIELD, { history: 'reasoning' }, FIELD],
    [
      'a field to tags',
      FIELD,
      { history: 'tags', openTag: '[r]', closeTag: '[/r]' },
      '{"role":"assistant","content":"[r]r[/r]a"}',
    ],
    [
      'two fields that say the same',
      '{"role":"assistant","content":null,"reasoning":"r","reasoning_content":"r","tool_calls":[]}',
      { history: 'reasoning' },
      '{"role":"assistant","content":null,"reasoning":"r","tool_calls":[]}',
    ],
    [
      'a field to tags where there is no content',
      '{"role":"assistant","content":null,"reasoning":"r","tool_calls":[1]}',
      { history: 'tags' },
      '{"role":"assistant","content":"<think>r</think>","tool_calls":[1]}',
    ],
    [
      'tags in the first text part',
      '{"role":"assistant","content":[{"type":"text","text":"<think>r</think>a"}]}',
      { history: 'strip' },
      '{"role":"assistant","content":[{"type":"text","text":"a"}]}',
    ],
    [
      'thinking parts',
      '{"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"r"}]},{"type":"text","text":"a"}]}',
      { history: 'reasoning_content' },
      '{"role":"assistant","content":[{"type":"text","text":"a"}],"reasoning_content":"r"}',
    ],
    [
      'thinking parts and nothing else',
      '{"role":"assistant","content":[{"type":"thinking","thinking":"r"}],"tool_calls":[1]}',
      { history: 'strip' },
      '{"role":"assistant","content":"","tool_calls":[1]}',
    ],
    [
      'a field that says what the tags say',
      '{"role":"assistant","content":"<think>\\nr\\n</think>\\n\\na","reasoning_content":"r"}',
      { history: 'reasoning_content' },
      '{"role":"assistant","content":"a","reasoning_content":"r\\n"}',
    ],
    [
      'several blocks that were harmony',
      '{"role":"assistant","content":"<think>r</think><think>s</think>p<think>t</think>a"}',
      { history: 'reasoning_content', input: 'harmony' },
      '{"role":"assistant","content":"pa","reasoning_content":"rst"}',
    ],
    [
      'several blocks in the tags of the backend',
      '{"role":"assistant","content":"<think>r</think>x<think>s</think>a"}',
      { history: 'strip', input: tagsOf({ scope: 'anywhere' }) },
      '{"role":"assistant","content":"xa"}',
    ],
    [
      'an open tag behind a block, that nothing closes',
      '{"role":"assistant","content":"<think>r</think>use <think> so"}',
      { history: 'strip', input: 'harmony' },
      '{"role":"assistant","content":"use <think> so"}',
    ],
    [
      'an empty field in its place',
      '{"role":"assistant","content":"a","reasoning_content":"","reasoning":""}',
      { history: 'reasoning_content' },
      '{"role":"assistant","content":"a","reasoning_content":""}',
    ],
    [
      'text beyond ASCII',
      '{"role":"assistant","content":"<think>é🌍</think>ü"}',
      { history: 'reasoning' },
      '{"role":"assistant","content":"ü","reasoning":"é🌍"}',
    ],
  ])('%s', (_name, message, policy, expected) => {
    expect(edited(message, policy)).toBe(expected);
  });

  it.each([
    ['a user message', '{"role":"user","content":"<think>r</think>a"}'],
    ['an answer without reasoning', '{"role":"assistant","content":"a","x":1.0}'],
    ['a tag that is no block', '{"role":"assistant","content":"use <think> like so"}'],
    ['content of another kind', '{"role":"assistant","content":[{"type":"image_url"}]}'],
  ])('leaves %s byte for byte', (_name, message) => {
    expect(edited(message, { history: 'strip' })).toBe(message);
  });

  it('does not take an answer alone for a thought whose beginning is in the prompt', () => {
    const answer = '{"role":"assistant","content":"the answer"}';
    const whole = '{"role":"assistant","content":"r</think>a"}';
    expect(edited(answer, { history: 'strip', input: 'deepseek_r1' })).toBe(answer);
    expect(edited(whole, { history: 'strip', input: 'deepseek_r1' })).toBe(
      '{"role":"assistant","content":"a"}',
    );
  });

  it('leaves a body alone that is no chat request', () => {
    for (const body of ['[]', '{"messages":1}', 'no JSON', '{"messages":[1,null]}']) {
      expect(withHistory(body, policyOf({ history: 'strip' }))).toBe(body);
    }
  });
});
