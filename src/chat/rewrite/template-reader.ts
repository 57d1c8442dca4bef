import { JsonEdits } from '../../wire/json-edits.js';
import { type JsonMember, type JsonSpan, member } from '../../wire/json-spans.js';
import { type ChoiceState } from './choice-state.js';
import { type ChoiceView, notNull } from './choice-view.js';
import { editChoice, writeExtraChunk } from './chunk-writer.js';
import { type DeltaTemplate } from './delta-template.js';
import { type TextPiece } from './piece.js';
import { type RewritePlan } from './rewrite-plan.js';

/** Stands for the text while a frame is made. A raw control character is never in JSON. */
const SLOT = '\u0001';

/** Members whose value, not null, makes a chunk more than its text. */
const TELLING = ['usage', 'error'] as const;

/** A chunk that was parsed, with its one choice. */
export interface ReadChunk {
  readonly root: JsonSpan;
  readonly view: ChoiceView;
  readonly state: ChoiceState;
}

/**
 * Makes a template of a chunk that brought one string of text and nothing else of note.
 *
 * @param json - the chunk, which stood in a block of one `data: ` line ended by LF
 * @returns null for any other chunk
 */
export function templateOf(
  json: string,
  { root, view, state }: ReadChunk,
  plan: RewritePlan,
): DeltaTemplate | null {
  const source = singleText(view, plan);
  if (source === null || !isPlain(json, root, view)) return null;
  const { hasMatched, isSettled } = state.pipeline;
  // A role that is sent again stays until something matched; templates are for either time.
  if (view.role !== null && !hasMatched && !isSettled) return null;
  if (view.role !== null && source.kind === 'kept') return null;
  const { start, end } = source.member.value;
  const prefix = `data: ${json.slice(0, start)}"`;
  const suffix = `"${json.slice(end)}\n\n`;
  const role = view.role !== null && hasMatched ? 'drop' : 'keep';
  const frame = (kind: TextPiece['kind']): readonly string[] => {
    if (kind === 'reasoning' && plan.output.fields.length === 0) return [];
    const edits = new JsonEdits(json);
    const text = { kind, literal: `"${SLOT}"`, logprobs: null };
    editChoice(edits, json, { view, text, role, finish: 'keep' }, plan);
    return `data: ${edits.apply()}\n\n`.split(SLOT);
  };
  const frames = { content: frame('content'), reasoning: frame('reasoning') };
  const unchanged = `${prefix}${SLOT}${suffix}`;
  return {
    prefix,
    suffix,
    choice: state,
    source: source.kind,
    frames,
    isUnchanged: source.kind === 'kept' || frames[source.kind].join(SLOT) === unchanged,
    callChunk: (piece) => writeExtraChunk(json, root, view, piece, { role: null, plan }),
  };
}

/** The one string of text that the chunk brought, null where there is none or more than one. */
function singleText(
  view: ChoiceView,
  { movesFields }: RewritePlan,
): { readonly kind: DeltaTemplate['source']; readonly member: JsonMember } | null {
  const { fields, slot } = view;
  const hasText = (view.text ?? '') !== '';
  if (fields.members.length === 0) {
    return hasText && slot !== null ? { kind: 'content', member: slot } : null;
  }
  const [only] = fields.members;
  const isSingle = fields.members.length === 1 && only?.value.kind === 'string';
  if (!isSingle || hasText || fields.text === '' || view.parts !== null) return null;
  return { kind: movesFields ? 'reasoning' : 'kept', member: only };
}

function isPlain(json: string, root: JsonSpan, view: ChoiceView): boolean {
  return (
    view.finish === null &&
    view.logprobs === null &&
    !view.hasToolCalls &&
    !view.hasUnknown &&
    view.shape !== 'message' &&
    TELLING.every((name) => notNull(json, member(root, name)) === null)
  );
}
