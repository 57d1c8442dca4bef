import { describe, expect, it } from '@jest/globals';
import {
  type ReasoningInput,
  type ReasoningPolicy,
} from '../../src/config/typed/reasoning-policy.js';
import { type ReplySeen, seeJson, seeStream } from './client-view.js';
import { type ChoiceExpectation, type WireCase, wireCases } from './corpus.js';
import { cut, policyOf, rewriteJsonBytes, rewriteStreamPieces, tagsOf } from './rewriting.js';

function policyFor({ config, tag_open, tag_close }: WireCase): ReasoningPolicy {
  return policyOf({
    input: inputFor(config),
    output: config.mode,
    openTag: tag_open ?? '<think>',
    closeTag: tag_close ?? '</think>',
    // The cases that bring fields expect them in the output; those of `tags` say so by their tags.
    fields: 'rewrite',
  });
}

function inputFor(config: WireCase['config']): ReasoningInput {
  if (config.dialect === 'harmony') return 'harmony';
  if (config.dialect !== 'tag') return 'none';
  return tagsOf({
    open: config.open ?? '',
    close: config.close ?? '',
    implicitOpen: config.implicit_open ?? false,
    scope: config.scope ?? 'leading',
    trim: config.trim ?? 'lead',
  });
}

/** An upstream that did not answer 2xx, or not in a form that is read, is passed on unread. */
function isRewritten({ upstream }: WireCase): boolean {
  return upstream.status === 200;
}

function* replies(found: WireCase): Generator<readonly [string, Uint8Array]> {
  const body = Buffer.from(found.upstream.body, 'utf8');
  const policy = policyFor(found);
  if (!isRewritten(found)) {
    yield ['verbatim', body];
  } else if (/event-stream/i.test(found.upstream.content_type)) {
    for (const size of [body.length, 1, 2, 3, 7, 61, 199]) {
      yield [`in writes of ${size}`, rewriteStreamPieces(policy, cut(body, size))];
    }
  } else {
    yield ['JSON', rewriteJsonBytes(policy, body)];
  }
}

function seen(found: WireCase, bytes: Uint8Array): ReplySeen {
  return /event-stream/i.test(found.upstream.content_type) ? seeStream(bytes) : seeJson(bytes);
}

describe('wire cases', () => {
  it.each(wireCases.map((found) => [found.id, found] as const))('%s', (_id, found) => {
    for (const [way, bytes] of replies(found)) check(way, found, bytes);
  });
});

function check(way: string, found: WireCase, bytes: Uint8Array): void {
  const { expected } = found;
  const text = Buffer.from(bytes).toString('utf8');
  if (expected.byte_identical === true) {
    expect({ way, text }).toEqual({ way, text: found.upstream.body });
    return;
  }
  const reply = seen(found, bytes);
  for (const [index, wanted] of Object.entries(expected.choices ?? {})) {
    const choice = reply.choices[index];
    expect({ way, ...choiceSummary(found, choice) }).toEqual({ way, ...wantedSummary(wanted) });
    expect(choice?.mixedDelta === true && found.upstream.content_type !== 'application/json').toBe(
      false,
    );
    if (wanted.tool_calls !== undefined) expect(choice?.toolCalls).toEqual(wanted.tool_calls);
    if (expected.order !== undefined) expect(choice?.order).toEqual(expected.order);
  }
  if (expected.done === true && /event-stream/i.test(found.upstream.content_type)) {
    expect(reply.isDone).toBe(true);
  }
  if (expected.usage !== undefined) expect(reply.usage).toEqual(expected.usage);
  expect(reply.error).toEqual(expected.error);
  if (expected.comments !== undefined) expect(reply.comments).toEqual(expected.comments);
  expect(reply.unreadable).toEqual(expected.passthrough_events ?? []);
  for (const wanted of expected.must_contain ?? []) expect(text).toContain(wanted);
  for (const banned of expected.must_not_contain ?? []) expect(text).not.toContain(banned);
}

function choiceSummary(found: WireCase, choice: ReplySeen['choices'][string] | undefined): object {
  const field = found.config.mode === 'reasoning' ? 'reasoning' : 'reasoning_content';
  const fields = Object.entries(choice?.reasoning ?? {}).filter(([name]) => name !== field);
  return {
    content: choice?.content,
    reasoning: choice?.reasoning[field] ?? '',
    elsewhere: Object.fromEntries(fields),
    finish: choice?.finishReasons,
    roles: choice?.roles.length,
  };
}

function wantedSummary(wanted: ChoiceExpectation): object {
  return {
    content: wanted.content ?? '',
    reasoning: wanted.reasoning ?? '',
    elsewhere: {},
    finish: wanted.finish_reason === null ? [] : [wanted.finish_reason],
    roles: 1,
  };
}
