import { describe, expect, it } from '@jest/globals';
import { policyOf, silentObserver } from '../../../test/conformance/rewriting.js';
import { type ReasoningPolicy } from '../../config/typed/reasoning-policy.js';
import { rewritePlanFor } from './rewrite-plan.js';
import { createStreamRewriter } from './stream-rewriter.js';

/** Whether a stream has begun to answer, by what came of it. */
function answers(bytes: string, policy: Partial<ReasoningPolicy>): boolean {
  let isAnswered = false;
  const observer = {
    ...silentObserver,
    answerSeen: () => {
      isAnswered = true;
    },
  };
  const plan = rewritePlanFor(policyOf(policy));
  if (plan === null) throw new Error('nothing is rewritten');
  createStreamRewriter(plan, observer).feed(Buffer.from(bytes));
  return isAnswered;
}

const event = (delta: object): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`;

const call = (called: object): object => ({ tool_calls: [{ index: 0, ...called }] });

const BEGUN = event({ role: 'assistant', content: null }) + event({ reasoning_content: 'hm' });

const POLICIES: readonly Partial<ReasoningPolicy>[] = [
  { output: 'tags' },
  { output: 'reasoning_content' },
  { output: 'strip' },
];

describe('the answer of a stream', () => {
  it.each([
    ['content', { content: 'Hi' }],
    ['the name of a tool', call({ id: 'a', function: { name: 'f', arguments: '' } })],
    ['the arguments of a tool', call({ function: { arguments: '{' } })],
    ['a function call', { function_call: { name: 'f' } }],
    ['a refusal', { content: null, refusal: 'I cannot' }],
  ])('begins with %s, and not before its event is whole', (_, delta) => {
    const stream = BEGUN + event(delta);
    for (const policy of POLICIES) {
      for (let cut = 0; cut <= stream.length; cut++) {
        expect(answers(stream.slice(0, cut), policy)).toBe(cut === stream.length);
      }
    }
  });

  it.each([
    ['no calls', { tool_calls: [] }],
    ['null', { tool_calls: null, function_call: null, refusal: null }],
    ['a call that says nothing yet', call({ id: 'a', function: { name: '', arguments: '' } })],
    ['an empty refusal', { refusal: '' }],
  ])('does not begin with %s', (_, delta) => {
    for (const policy of POLICIES) expect(answers(BEGUN + event(delta), policy)).toBe(false);
  });

  it.each(['drop', 'tool_calls'] as const)(
    'begins with a call that was written as text, where that means %s',
    (harmonyCalls) => {
      const content = '<|channel|>commentary to=functions.f <|constrain|>json<|message|>{"a":1}';
      const policy = { input: 'harmony', harmonyCalls } as const;
      expect(answers(event({ content }), policy)).toBe(true);
    },
  );
});
