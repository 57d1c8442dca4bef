import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { policyOf, silentObserver, tagsOf } from '../../../test/conformance/rewriting.js';
import { type ReasoningInput, type ReasoningOutput } from '../../config/typed/reasoning-policy.js';
import { REASONING_PRESETS } from '../../config/typed/reasoning-presets.js';
import { rewriteJson } from './json-rewriter.js';
import { createQuickLook } from './quick-look.js';
import { rewritePlanFor } from './rewrite-plan.js';

const bytes = (json: string): string => Buffer.from(json).toString('latin1');
const reply = (content: string): string =>
  bytes(JSON.stringify({ choices: [{ index: 0, message: { role: 'assistant', content } }] }));

describe('createQuickLook', () => {
  const auto = createQuickLook('auto', false);

  it('lets a plain answer go', () => {
    expect(auto(reply('Paris is the capital of France.'))).toBe(false);
  });

  it.each(['<think>a</think>b', ' \n<|channel|>final', '◁think▷a', 'to=x', '[THINK]a'])(
    'looks at %j',
    (content) => {
      expect(auto(reply(content))).toBe(true);
    },
  );

  it('looks at what an escape may hide', () => {
    expect(auto(String.raw`{"choices":[{"message":{"content":"\u003cthink>a"}}]}`)).toBe(true);
    const close = createQuickLook(tagsOf({ strayClose: 'drop' }), false);
    expect(close(String.raw`{"choices":[{"message":{"content":"a<\/think>b"}}]}`)).toBe(true);
  });

  it('looks at fields only where they move', () => {
    const json = bytes('{"choices":[{"message":{"content":"a","reasoning":"b"}}]}');
    expect(auto(json)).toBe(false);
    expect(createQuickLook('auto', true)(json)).toBe(true);
  });

  it('looks at every answer of a model that begins inside reasoning', () => {
    expect(createQuickLook('deepseek_r1', false)(reply('a'))).toBe(true);
  });

  const piece = fc.constantFrom(
    ...[
      '<think>',
      '</think>',
      '<|channel|>',
      'final',
      '<|message|>',
      '<|end|>',
      'assistant',
      'to=',
    ],
    ...[
      ' ',
      '\n',
      'a',
      'é',
      '"',
      '◁think▷',
      '<answer>',
      '\n</answer>',
      'commentary',
      '<|START_TEXT|>',
    ],
    ...[
      '<|END_RESPONSE|>',
      '<channel|>',
      '<|channel>',
      'thought\n',
      '[THINK]',
      '<',
      '<thi',
      'Here is',
    ],
  );
  const input = fc.oneof<fc.Arbitrary<ReasoningInput>[]>(
    fc.constantFrom(...REASONING_PRESETS),
    fc.constantFrom(
      tagsOf({ scope: 'anywhere', strayClose: 'drop' }),
      tagsOf({ open: '"a', contentOpen: ['\n<answer>'], contentClose: ['</answer>'] }),
    ),
  );

  it('lets nothing go that would be rewritten', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 8 }),
        input,
        fc.constantFrom<ReasoningOutput>('tags', 'strip', 'reasoning_content', 'both'),
        (pieces, notation, output) => {
          const plan = rewritePlanFor(policyOf({ input: notation, output }));
          const json = reply(pieces.join(''));
          if (plan === null || plan.mayMatter(json)) return;
          expect(rewriteJson(json, plan, silentObserver)).toBe(json);
        },
      ),
      { numRuns: 3000 },
    );
  });
});
