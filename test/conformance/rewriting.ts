import { rewriteJson } from '../../src/chat/rewrite/json-rewriter.js';
import { type ReplyObserver } from '../../src/chat/rewrite/reply-observer.js';
import { rewritePlanFor } from '../../src/chat/rewrite/rewrite-plan.js';
import { createStreamRewriter } from '../../src/chat/rewrite/stream-rewriter.js';
import { type ReasoningPolicy } from '../../src/config/typed/reasoning-policy.js';
import { TAG_DEFAULTS, type TagDialectConfig } from '../../src/config/typed/tag-dialect.js';
import { seededRandom } from '../support/seeded-random.js';
import { deltaEvent, DONE, textEvent } from '../support/upstream/chat-events.js';

export const silentObserver: ReplyObserver = {
  reasoningSeen: () => undefined,
  answerSeen: () => undefined,
  blockRead: () => undefined,
  blockUnclosed: () => undefined,
  callDropped: () => undefined,
  finished: () => undefined,
  usageSeen: () => undefined,
  unread: () => undefined,
  rewritten: () => undefined,
};

/** A policy as the configuration would resolve it, from what a test says of it. */
export function policyOf(partial: Partial<ReasoningPolicy>): ReasoningPolicy {
  return {
    input: 'auto',
    output: 'tags',
    openTag: '<think>',
    closeTag: '</think>',
    fields: null,
    history: 'keep',
    harmonyCalls: 'drop',
    ...partial,
  };
}

export function tagsOf(partial: Partial<TagDialectConfig>): TagDialectConfig {
  return { ...TAG_DEFAULTS, open: '<think>', close: '</think>', ...partial };
}

/** Sends the pieces of a stream through the rewriting and gives back all that comes out. */
export function rewriteStreamPieces(
  policy: ReasoningPolicy,
  pieces: readonly Uint8Array[],
  observer: ReplyObserver = silentObserver,
): Uint8Array {
  const plan = rewritePlanFor(policy, () => 'call_test');
  if (plan === null) return Buffer.concat(pieces);
  const rewriter = createStreamRewriter(plan, observer);
  const out = pieces.map((piece) => rewriter.feed(piece));
  return Buffer.concat([...out, rewriter.end('complete')]);
}

/** What comes out of a stream that is still running. */
export function rewriteOpenStream(policy: ReasoningPolicy, bytes: Uint8Array): Uint8Array {
  const plan = rewritePlanFor(policy, () => 'call_test');
  return plan === null ? bytes : createStreamRewriter(plan, silentObserver).feed(bytes);
}

/** Sends a body through the rewriting. */
export function rewriteJsonBytes(
  policy: ReasoningPolicy,
  body: Uint8Array,
  observer: ReplyObserver = silentObserver,
): Uint8Array {
  const plan = rewritePlanFor(policy, () => 'call_test');
  if (plan === null) return body;
  return Buffer.from(rewriteJson(Buffer.from(body).toString('latin1'), plan, observer), 'latin1');
}

/** The chunks of a stream that says `texts`, with the role first and the finish last. */
export function streamOf(texts: readonly string[], finish = 'stop'): Uint8Array {
  const events = [deltaEvent({ role: 'assistant', content: '' }), ...texts.map(textEvent)];
  return Buffer.from(events.join('') + deltaEvent({}, finish) + DONE);
}

/** The body that says `text`. */
export function bodyOf(text: string): Uint8Array {
  return Buffer.from(
    JSON.stringify({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
    }),
  );
}

/** The bytes in pieces of `size`. */
export function cut(bytes: Uint8Array, size: number): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

/** The text cut at places that the seed chooses. */
export function cutRandomly(text: string, seed: number): readonly string[] {
  const random = seededRandom(seed);
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    const length = 1 + Math.floor(random() * 7);
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return pieces;
}
