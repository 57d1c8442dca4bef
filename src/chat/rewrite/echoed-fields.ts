import { thoughtsIn } from '../dialects/thoughts-in.js';
import { type ChoiceView } from './choice-view.js';
import { type ChoicePipeline } from './pipeline/choice-pipeline.js';
import { type RewritePlan } from './rewrite-plan.js';

/**
 * A message that says its reasoning twice, between markers and trimmed in a field, as llama.cpp's
 * `deepseek-legacy` does in bodies: its fields then count as empty.
 */
export function withoutEcho(view: ChoiceView, plan: RewritePlan): ChoiceView {
  return isBoth(view, plan) && isThoughtOf(view, plan) ? unsaid(view) : view;
}

/** The same of a chunk, as MiniMax has sent them, before its text is read. */
export function withoutEchoIn(
  view: ChoiceView,
  pipeline: ChoicePipeline,
  plan: RewritePlan,
): ChoiceView {
  if (!isBoth(view, plan)) return view;
  const isEcho = pipeline.isBlockOpen
    ? isBlockIn(view, pipeline)
    : !pipeline.hasMatched && isThoughtOf(view, plan);
  return isEcho ? unsaid(view) : view;
}

/** Within a block the text says nothing else up to the marker that may end it. */
function isBlockIn({ fields, text }: ChoiceView, pipeline: ChoicePipeline): boolean {
  const said = fields.text.trim();
  const told = text?.trimStart() ?? '';
  if (text === fields.text) return true;
  return said !== '' && told.startsWith(said) && pipeline.mayEndBlock(told.slice(said.length));
}

/** Whether it has a text, and fields whose reasoning is to go where that of the text goes. */
function isBoth({ fields, text }: ChoiceView, { movesFields }: RewritePlan): boolean {
  return movesFields && fields.text !== '' && (text ?? '') !== '';
}

function isThoughtOf({ fields, text }: ChoiceView, { dialect }: RewritePlan): boolean {
  const thoughts = thoughtsIn(text ?? '', dialect, { openTag: '', closeTag: '' });
  return thoughts?.reasoning.trim() === fields.text.trim();
}

function unsaid(view: ChoiceView): ChoiceView {
  return { ...view, fields: { ...view.fields, text: '' } };
}
