import { member } from '../../wire/json/json-span.js';
import { parseSpans } from '../../wire/json/parse-spans.js';
import { type ChoiceStates } from './choice-state.js';
import { viewChoice } from './choice-view.js';
import { writeExtraChunk } from './chunk-writer.js';
import { type RewritePlan } from './rewrite-plan.js';

/** Ends every choice that has not finished, and makes chunks of what they held. */
export function endAll(states: ChoiceStates, plan: RewritePlan): readonly string[] {
  const chunks: string[] = [];
  for (const [index, state] of states) {
    if (state.pipeline.hasEnded) continue;
    state.pipeline.end();
    const pieces = state.pipeline.take();
    const root = pieces.length === 0 ? null : parseSpans(state.lastChunk);
    if (root === null) continue;
    const views = member(root, 'choices')?.value.items ?? [];
    const view = views
      .map((span) => viewChoice(state.lastChunk, span))
      .find((found) => found?.index === index);
    if (view == null) continue;
    for (const piece of pieces) {
      chunks.push(writeExtraChunk(state.lastChunk, root, view, piece, { role: null, plan }));
    }
  }
  return chunks;
}
