import { type ChoiceView } from './choice-view.js';
import { ChoicePipeline } from './pipeline/choice-pipeline.js';
import { type ReplyObserver } from './reply-observer.js';
import { type RewritePlan } from './rewrite-plan.js';

/** What is remembered of one choice of a reply from chunk to chunk. */
export interface ChoiceState {
  readonly pipeline: ChoicePipeline;
  roleSent: boolean;
  finishSent: boolean;
  /** A chunk that carried it: the form of one that must be made. */
  lastChunk: string;
}

/** Most choices of a reply that are told apart; OpenAI allows 128. Others pass as they are. */
const MAX_CHOICES = 128;

/** The states of a reply's choices, by their index. */
export interface ChoiceStates extends Iterable<readonly [index: number, state: ChoiceState]> {
  /** The state of a choice, made when it is first seen; null beyond the bound. */
  of(index: number): ChoiceState | null;
}

/** No states yet: each is made when its choice comes first. */
export function createChoiceStates(plan: RewritePlan, observer: ReplyObserver): ChoiceStates {
  const states = new Map<number, ChoiceState>();
  return {
    of(index) {
      const known = states.get(index);
      if (known !== undefined) return known;
      if (states.size === MAX_CHOICES) return null;
      const pipeline = new ChoicePipeline(plan, observer);
      const state = { pipeline, roleSent: false, finishSent: false, lastChunk: '' };
      states.set(index, state);
      return state;
    },
    [Symbol.iterator]: () => states.entries(),
  };
}

/** Sends what a choice holds through its pipeline, in the order in which it was said. */
export function feedChoice(
  { pipeline }: ChoiceState,
  view: ChoiceView,
  { movesFields }: RewritePlan,
): void {
  if (view.fields.text !== '') {
    if (movesFields) pipeline.reasoning(view.fields.text);
    else pipeline.reasoningKept();
  }
  if (view.text !== null && view.text !== '') {
    if (view.logprobs !== null) {
      pipeline.expectTokens(view.tokens ?? [{ token: view.text, entry: null }]);
    }
    pipeline.content(view.text);
  }
  const pieces = movesFields ? (view.parts ?? view.mixedParts)?.pieces : undefined;
  for (const { kind, text } of pieces ?? []) {
    if (text === '') continue;
    if (kind === 'reasoning') pipeline.reasoning(text);
    else if (view.mixedParts === null) pipeline.content(text);
  }
  // The rest of such parts stays in its list, behind the thought.
  if (view.mixedParts !== null) pipeline.content('');
  if (view.hasToolCalls) pipeline.toolCalls(view.toolCalls);
}
