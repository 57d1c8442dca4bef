import { thoughtsIn } from '../dialects/thoughts-in.js';
import { type ChoiceView } from './choice-view.js';
import { type RewritePlan } from './rewrite-plan.js';

/**
 * A message that says its reasoning twice, between markers and trimmed in a field, as llama.cpp's
 * `deepseek-legacy` does in bodies: its fields then count as empty.
 */
export function withoutEcho(view: ChoiceView, { dialect, movesFields }: RewritePlan): ChoiceView {
  const { fields, text } = view;
  if (!movesFields || fields.text === '' || (text ?? '') === '') return view;
  const thoughts = thoughtsIn(text ?? '', dialect, { openTag: '', closeTag: '' });
  const isEcho = thoughts?.reasoning.trim() === fields.text.trim();
  return isEcho ? { ...view, fields: { ...fields, text: '' } } : view;
}
