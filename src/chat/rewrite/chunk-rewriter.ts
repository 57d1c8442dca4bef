import { JsonEdits } from '../../wire/json/json-edits.js';
import { type JsonSpan, member, stringMember, unlessNull } from '../../wire/json/json-span.js';
import { parseSpans } from '../../wire/json/parse-spans.js';
import {
  finishOf,
  holdsMore,
  isChange,
  lastOwnText,
  mustReachClient,
  roleOf,
} from './choice-fate.js';
import { type ChoiceState, type ChoiceStates, feedChoice } from './choice-state.js';
import { type ChoiceView, viewChoice } from './choice-view.js';
import { type ChoiceChange, editChoice, placed, writeExtraChunk } from './chunk-writer.js';
import { withoutEchoIn } from './echoed-fields.js';
import { endAll } from './held-text.js';
import { rewriteJson } from './json-rewriter.js';
import { noteUsage } from './note-usage.js';
import { observerOfRepeats, type ReplyObserver } from './reply-observer.js';
import { type RewritePlan } from './rewrite-plan.js';
import { type ReadChunk } from './templates/template-reader.js';

/** What becomes of one chunk of a stream. */
export interface ChunkResult {
  /** The chunks that take its place; null leaves it as it is, byte for byte. */
  readonly chunks: readonly string[] | null;
  /** The chunk as it was read, where it has one choice alone; for a template. */
  readonly single: ReadChunk | null;
}

const UNTOUCHED: ChunkResult = { chunks: null, single: null };

/** Rewrites the chunks of one stream, each as a JSON text in bytes. */
export function createChunkRewriter(
  plan: RewritePlan,
  states: ChoiceStates,
  observer: ReplyObserver,
): (json: string) => ChunkResult {
  return (json) => {
    const root = parseSpans(json);
    if (root?.kind !== 'object') return UNTOUCHED;
    noteUsage(json, root, observer);
    if (isError(json, root)) return withHeldText(json);
    if (holdsWholeReply(json, root)) return withWholeReply(json);
    const choices = member(root, 'choices')?.value;
    if (choices?.kind !== 'array' || choices.items === undefined || choices.items.length === 0) {
      return UNTOUCHED;
    }
    return rewriteChoices(json, root, choices);
  };

  /** An error ends the stream: what is held goes before it. */
  function withHeldText(json: string): ChunkResult {
    const held = endAll(states, plan);
    return held.length === 0 ? UNTOUCHED : { chunks: [...held, json], single: null };
  }

  /** MiniMax says all again in its last event, as a body does; others say it there alone. */
  function withWholeReply(json: string): ChunkResult {
    const [earlier] = states;
    const held = endAll(states, plan);
    const told = earlier === undefined ? observer : observerOfRepeats(observer);
    const body = rewriteJson(json, plan, told);
    return { chunks: body === json && held.length === 0 ? null : [...held, body], single: null };
  }

  function rewriteChoices(json: string, root: JsonSpan, choices: JsonSpan): ChunkResult {
    const extras: string[] = [];
    const fates: ChoiceFate[] = [];
    let single: ChunkResult['single'] = null;
    for (const span of choices.items ?? []) {
      const view = viewChoice(json, span);
      const state = view === null ? null : states.of(view.index);
      if (view === null || state === null) {
        fates.push({ span, change: null, isNeeded: true });
        continue;
      }
      if (choices.items?.length === 1) single = { root, view, state };
      state.lastChunk = json;
      fates.push(readChoice(json, root, { view, state }, extras));
    }
    if (extras.length === 0 && fates.every(({ change }) => change === null)) {
      return { chunks: null, single };
    }
    const isChunkNeeded = fates.some((fate) => fate.isNeeded) || holdsMore(json, root);
    if (!isChunkNeeded) return { chunks: extras, single };
    return { chunks: [...extras, writeChunk(json, choices, fates)], single };
  }

  function readChoice(
    json: string,
    root: JsonSpan,
    { view: found, state }: { readonly view: ChoiceView; readonly state: ChoiceState },
    extras: string[],
  ): ChoiceFate {
    const { pipeline } = state;
    const view = withoutEchoIn(found, pipeline, plan);
    feedChoice(state, view, plan);
    if (view.answersBeside) observer.answerSeen();
    if (view.finishReason !== null && !pipeline.hasEnded) {
      pipeline.end();
      observer.finished(view.finishReason);
    }
    const pieces = pipeline.take();
    const text = lastOwnText(view, pieces, plan);
    const before = text === null ? pieces : pieces.slice(0, -1);
    let role = roleOf(json, view, state, text);
    for (const piece of before) {
      extras.push(writeExtraChunk(json, root, view, piece, { role, plan }));
      role = null;
    }
    const isRoleGone = view.role !== null && role === null;
    if (view.role !== null) state.roleSent = true;
    const change: ChoiceChange = {
      view,
      text: text === null ? null : placed(text),
      role: isRoleGone ? 'drop' : 'keep',
      finish: finishOf(view, state),
    };
    if (view.finish !== null) state.finishSent = true;
    return {
      span: view.span,
      change: isChange(change, text, plan) ? change : null,
      isNeeded: mustReachClient(change, plan),
    };
  }

  function writeChunk(json: string, choices: JsonSpan, fates: readonly ChoiceFate[]): string {
    const edits = new JsonEdits(json);
    const isAnyNeeded = fates.some((fate) => fate.isNeeded);
    for (const { span, change, isNeeded } of fates) {
      if (change === null) continue;
      if (isAnyNeeded && !isNeeded) edits.removeItem(choices, span);
      else editChoice(edits, json, change, plan);
    }
    return edits.apply();
  }
}

/** The edits of one choice, null where it stays as it is, and whether it must reach the client. */
interface ChoiceFate {
  readonly span: JsonSpan;
  readonly change: ChoiceChange | null;
  readonly isNeeded: boolean;
}

/** Whether a chunk says that it is none but a whole reply, and has messages in place of deltas. */
function holdsWholeReply(json: string, root: JsonSpan): boolean {
  const choices = member(root, 'choices')?.value.items ?? [];
  const has = (name: string): boolean =>
    choices.some((choice) => member(choice, name)?.value.kind === 'object');
  // There are servers that call every chunk so, also one that holds no more than the usage.
  if (!has('message') || has('delta')) return false;
  return stringMember(json, root, 'object') === 'chat.completion';
}

/** Whether a chunk is an error: in OpenAI's form, in that of vLLM, or in that of Anthropic. */
function isError(json: string, root: JsonSpan): boolean {
  if (unlessNull(json, member(root, 'error')) !== null) return true;
  if (member(root, 'choices') !== null) return false;
  return ['object', 'type'].some((name) => stringMember(json, root, name) === 'error');
}
