import { describe, expect, it } from '@jest/globals';
import {
  type ReasoningInput,
  type ReasoningPolicy,
} from '../../src/config/typed/reasoning-policy.js';
import { type ChoiceSeen, seeJson, seeStream } from './client-view.js';
import { harmonyCases, tagCases, type TextCase } from './corpus.js';
import {
  bodyOf,
  cut,
  cutRandomly,
  policyOf,
  rewriteJsonBytes,
  rewriteOpenStream,
  rewriteStreamPieces,
  streamOf,
  tagsOf,
} from './rewriting.js';

/** Where the rules of Sluice differ on purpose from the suite a case comes from. */
const DIVERGENCES: Readonly<Record<string, Partial<TextCase['expected']>>> = {
  // An unclosed block is dropped by `strip` (reasoning rule 5), not shown.
  'cot_proxy/unclosed_flushed_as_is': { content: '' },
};

const cases = [...harmonyCases, ...tagCases].map((found) => ({
  ...found,
  expected: { ...found.expected, ...DIVERGENCES[found.id] },
}));

function policyFor(options: TextCase['options']): ReasoningPolicy {
  const input: ReasoningInput =
    options.dialect === 'harmony'
      ? 'harmony'
      : tagsOf({
          open: options.open ?? '',
          close: options.close ?? '',
          implicitOpen: options.implicit_open ?? false,
          scope: options.scope ?? 'leading',
          trim: options.trim ?? 'none',
          toolOpen: options.tool_open ?? [],
          join: options.join ?? '',
        });
  return policyOf({
    input,
    output: options.output ?? 'reasoning_content',
    openTag: options.tag_open ?? '<think>',
    closeTag: options.tag_close ?? '</think>',
  });
}

/** Each way a case is sent, named for the message of a failure. */
function* ways(found: TextCase): Generator<readonly [string, ReasoningPolicy, ChoiceSeen]> {
  const policy = policyFor(found.options);
  const { input } = found;
  if (found.streaming !== true) {
    const seen = seeJson(rewriteJsonBytes(policy, bodyOf(input)));
    yield ['JSON', policy, only(seen.choices)];
  }
  if (found.streaming === false) return;
  const stream = (name: string, texts: readonly string[], size?: number) => {
    const bytes = streamOf(texts);
    const pieces = size === undefined ? [bytes] : cut(bytes, size);
    return [
      `stream, ${name}`,
      policy,
      only(seeStream(rewriteStreamPieces(policy, pieces)).choices),
    ] as const;
  };
  yield stream('whole', [input]);
  yield stream('per character', Array.from(input));
  yield stream('per code unit', input.split(''));
  yield stream('per TCP byte', [input], 1);
  if (found.chunks !== undefined) yield stream('in its own chunks', found.chunks);
  for (let seed = 1; seed <= 20; seed++) {
    yield stream(`random ${seed}`, cutRandomly(input, seed), 1 + ((seed * 37) % 200));
  }
}

function only(choices: Readonly<Record<string, ChoiceSeen>>): ChoiceSeen {
  const [choice] = Object.values(choices);
  if (choice === undefined) throw new Error('the reply has no choice');
  return choice;
}

describe('text cases', () => {
  it.each(cases.map((found) => [found.id, found] as const))('%s', (_id, found) => {
    for (const [way, policy, seen] of ways(found)) {
      const reasoning = policy.output === 'reasoning_content' ? found.expected.reasoning : '';
      expect({ way, ...summary(seen) }).toEqual({
        way,
        content: found.expected.content ?? '',
        reasoning: reasoning ?? '',
        roles: ['assistant'],
        finishReasons: ['stop'],
        afterFinish: false,
      });
    }
  });

  function summary(seen: ChoiceSeen): object {
    const { content, reasoning, roles, finishReasons, afterFinish } = seen;
    return {
      content,
      reasoning: reasoning.reasoning_content ?? '',
      roles,
      finishReasons,
      afterFinish,
    };
  }

  it.each(cases.map((found) => [found.id, found] as const))('%s, stripped', (_id, found) => {
    if (found.options.output === 'keep') return;
    const stripped = { ...found, options: { ...found.options, output: 'strip' as const } };
    for (const [way, , seen] of ways(stripped)) {
      expect({ way, content: seen.content, reasoning: seen.reasoning }).toEqual({
        way,
        content: contentWithoutTags(found),
        reasoning: {},
      });
    }
  });

  it.each(
    cases
      .filter(({ expected, options }) => expected.messages !== undefined || options.open)
      .map((found) => [found.id, found] as const),
  )('%s, between tags', (_id, found) => {
    const { open, close } = found.options;
    const isHarmony = found.expected.messages !== undefined;
    const tags = isHarmony ? {} : { tag_open: open ?? '', tag_close: close ?? '' };
    const tagged = { ...found, options: { ...found.options, ...tags, output: 'tags' as const } };
    for (const [way, , seen] of ways(tagged)) {
      expect({ way, content: seen.content }).toEqual({ way, content: tagsExpected(found) });
    }
  });

  const withCalls = cases.filter(({ expected }) => expected.tool_calls !== undefined);

  it.each(withCalls.map((found) => [found.id, found] as const))(
    '%s, its calls handed on',
    (_id, found) => {
      for (const pieces of [[found.input], Array.from(found.input)]) {
        const policy = { ...policyFor(found.options), harmonyCalls: 'tool_calls' as const };
        const stream = only(seeStream(rewriteStreamPieces(policy, [streamOf(pieces)])).choices);
        const json = only(seeJson(rewriteJsonBytes(policy, bodyOf(found.input))).choices);
        const expected = (found.expected.tool_calls ?? []).map((call) => ({
          id: 'call_test',
          name: call.recipient.replace(/^functions\./, ''),
          arguments: call.arguments,
        }));
        expect(stream.toolCalls).toEqual(expected);
        expect(json.toolCalls).toEqual(expected);
        expect(stream.finishReasons).toEqual(['tool_calls']);
        expect(json.finishReasons).toEqual(['tool_calls']);
      }
    },
  );

  const withSteps = cases.filter(({ steps }) => steps !== undefined);

  it.each(withSteps.map((found) => [found.id, found] as const))(
    '%s, what is visible after each chunk',
    (_id, found) => {
      const policy = policyFor(found.options);
      const steps = found.steps ?? [];
      let content = '';
      let reasoning = '';
      for (const [count, step] of steps.entries()) {
        content += step.content;
        reasoning += step.reasoning;
        const texts = steps.slice(0, count + 1).map((each) => each.in);
        const seen = only(seeStream(unfinished(policy, texts)).choices);
        expect({
          count,
          content: seen.content,
          reasoning: seen.reasoning.reasoning_content ?? '',
        }).toEqual({
          count,
          content,
          reasoning,
        });
      }
    },
  );
});

/** What has come out while the stream still runs. */
function unfinished(policy: ReasoningPolicy, texts: readonly string[]): Uint8Array {
  const whole = Buffer.from(streamOf(texts)).toString('utf8');
  const open = whole.slice(0, whole.lastIndexOf('data: {'));
  return rewriteOpenStream(policy, Buffer.from(open));
}

/** The answer alone. The one case whose own output is `tags` has it between its tags. */
function contentWithoutTags({ expected, options }: TextCase): string {
  const content = expected.content ?? '';
  return options.output === 'tags' ? content.replace(/^<think>.*<\/think>/s, '') : content;
}

/**
 * What `tags` makes of a case. Of harmony: its messages, each thought in tags. Of a tag dialect
 * whose tags are written as themselves: the text, with a missing tag put in.
 */
function tagsExpected({ input, expected, options }: TextCase): string {
  if (expected.messages !== undefined) {
    return expected.messages
      .filter(({ recipient }) => recipient === undefined || recipient === 'assistant')
      .map(({ text, channel }) => (channel === 'analysis' ? `<think>${text}</think>` : text))
      .join('');
  }
  const open = options.open ?? '';
  const close = options.close ?? '';
  const isOpened = input.trimStart().startsWith(open);
  const begun = options.implicit_open === true && !isOpened ? open + input : input;
  const isBlock =
    options.scope === 'anywhere' ? begun.includes(open) : begun.trimStart().startsWith(open);
  const [tool] = options.tool_open ?? [];
  if (tool !== undefined && begun.includes(tool)) return begun.replace(tool, close + tool);
  return isBlock && !begun.includes(close) ? begun + close : begun;
}
