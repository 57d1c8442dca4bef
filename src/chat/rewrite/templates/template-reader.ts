import { JsonEdits } from '../../../wire/json/json-edits.js';
import {
  type JsonMember,
  type JsonSpan,
  member,
  unlessNull,
} from '../../../wire/json/json-span.js';
import { DATA_PREFIX, EVENT_END } from '../../../wire/sse/sse-syntax.js';
import { type ChoiceState } from '../choice-state.js';
import { type ChoiceView } from '../choice-view.js';
import { editChoice, writeExtraChunk } from '../chunk-writer.js';
import { type TextPiece } from '../pipeline/piece.js';
import { type RewritePlan } from '../rewrite-plan.js';
import { type DeltaTemplate, Frame } from './delta-template.js';

/** Stands for the text while a frame is made. A raw control character is never in JSON. */
const SLOT = '\u0001';
/** Stands for what `obfuscation` holds. */
const END_SLOT = '\u0002';

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
  const obfuscation = obfuscationBehind(source.member.value.end, root);
  const [prefix, middle, suffix] = cutAt(json, source.member.value, obfuscation);
  const role = view.role !== null && hasMatched ? 'drop' : 'keep';
  const frame = remembered((kind: TextPiece['kind']): Frame => {
    const edits = new JsonEdits(json);
    const text = { kind, literal: `"${SLOT}"`, logprobs: null };
    editChoice(edits, json, { view, text, role, finish: 'keep' }, plan);
    if (obfuscation !== null) edits.replace(obfuscation, `"${END_SLOT}"`);
    const [parts = '', end = ''] = blockOf(edits.apply()).split(END_SLOT);
    return new Frame(parts.split(SLOT), end);
  });
  const slots = { text: SLOT, obfuscation: obfuscation === null ? '' : END_SLOT };
  const unchanged = prefix + SLOT + middle + slots.obfuscation + suffix;
  return {
    ...{ prefix, middle, suffix, frame },
    choice: state,
    source: source.kind,
    isUnchanged: source.kind === 'kept' || frame(source.kind).write(slots) === unchanged,
    callChunk: (piece) => writeExtraChunk(json, root, view, piece, { role: null, plan }),
  };
}

function remembered<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>();
  return (key) => {
    let value = made.get(key);
    if (value === undefined) {
      value = make(key);
      made.set(key, value);
    }
    return value;
  };
}

function blockOf(json: string): string {
  return `${DATA_PREFIX}${json}${EVENT_END}`;
}

/** The block of a chunk without the insides of two strings, of which there may be only the first. */
function cutAt(
  json: string,
  text: JsonSpan,
  obfuscation: JsonSpan | null,
): readonly [prefix: string, middle: string, suffix: string] {
  const prefix = `${DATA_PREFIX}${json.slice(0, text.start + 1)}`;
  const last = obfuscation ?? text;
  const middle = obfuscation === null ? '' : json.slice(text.end - 1, obfuscation.start + 1);
  return [prefix, middle, `${json.slice(last.end - 1)}${EVENT_END}`];
}

/**
 * Random letters that hide the length of the text from whoever sees the size of the packets
 * (OpenAI API reference, `stream_options.include_obfuscation`): the last member of every chunk.
 */
function obfuscationBehind(textEnd: number, root: JsonSpan): JsonSpan | null {
  const value = member(root, 'obfuscation')?.value;
  return value?.kind === 'string' && value.start > textEnd ? value : null;
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
    view.echo === null &&
    !view.hasToolCalls &&
    !view.hasUnknown &&
    view.repeats.length === 0 &&
    view.shape !== 'message' &&
    TELLING.every((name) => unlessNull(json, member(root, name)) === null)
  );
}
