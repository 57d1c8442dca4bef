import { type ReasoningPolicy } from '../../config/typed/reasoning-policy.js';
import { type DialectFactory } from '../dialects/dialect.js';
import { dialectFor } from '../dialects/dialects.js';
import { type Output } from '../outputs/output.js';
import { outputFor } from '../outputs/outputs.js';
import { type CallIds, randomCallId } from './pipeline/leaked-calls.js';
import { createQuickLook, type QuickLook } from './quick-look.js';

/** What is done with the reasoning of a reply, prepared once for a policy. */
export interface RewritePlan {
  readonly dialect: DialectFactory;
  readonly output: Output;
  /** Put between blocks, and between the pieces of content around one; often empty. */
  readonly join: string;
  /** Whether reasoning that came in a field is brought to the output too. */
  readonly movesFields: boolean;
  /** Whether the body of a JSON reply, as a byte string, may hold anything that is rewritten. */
  readonly mayMatter: QuickLook;
  readonly leakedCalls: 'drop' | 'tool_calls';
  readonly newCallId: CallIds;
}

/** @returns the plan, null when the policy leaves replies as they are */
export function rewritePlanFor(
  policy: ReasoningPolicy,
  newCallId: CallIds = randomCallId,
): RewritePlan | null {
  const output = outputFor(policy);
  if (output === null) return null;
  const showsInContent = output.shows.has('reasoning');
  const movesFields = (policy.fields ?? (showsInContent ? 'keep' : 'rewrite')) === 'rewrite';
  return {
    dialect: dialectFor(policy.input),
    output,
    join: typeof policy.input === 'string' || showsInContent ? '' : policy.input.join,
    movesFields,
    mayMatter: createQuickLook(policy.input, movesFields),
    leakedCalls: policy.harmonyCalls,
    newCallId,
  };
}
