import { jsonStringBytes } from '../../wire/byte-text.js';
import { JsonEdits } from '../../wire/json/json-edits.js';
import {
  type JsonMember,
  type JsonSpan,
  member,
  membersNamed,
  unlessNull,
} from '../../wire/json/json-span.js';
import { REASONING_DETAILS_FIELD } from '../../wire/reasoning-field-names.js';
import { type ChoiceView, hasMixedThinking } from './choice-view.js';
import { type ContentParts } from './content-parts.js';
import { type CallPiece, type Piece, type TextPiece } from './pipeline/piece.js';
import { hidesRepeats } from './repeated-reasoning.js';
import { type RewritePlan } from './rewrite-plan.js';

/** Text that goes into a choice in place of its own, as a JSON string literal in bytes. */
export interface PlacedText {
  readonly kind: TextPiece['kind'];
  readonly literal: string;
  readonly logprobs: TextPiece['logprobs'];
}

/** What becomes of one choice of a chunk or body. */
export interface ChoiceChange {
  readonly view: ChoiceView;
  /** Its text; null leaves it without any. */
  readonly text: PlacedText | null;
  readonly role: 'keep' | 'drop';
  /** The finish reason: as it is, none, or another word. */
  readonly finish: 'keep' | 'drop' | 'tool_calls';
}

/** The piece as it is written: its text as a literal of JSON. */
export function placed({ kind, text, logprobs }: TextPiece): PlacedText {
  return { kind, literal: jsonStringBytes(text), logprobs };
}

/** Notes the edits that bring one choice into its new form; all else stays byte for byte. */
export function editChoice(
  edits: JsonEdits,
  json: string,
  { view, text, role, finish }: ChoiceChange,
  plan: RewritePlan,
): void {
  if (role === 'drop' && view.role !== null) edits.removeMember(view.body, view.role);
  if (text?.kind === 'reasoning') placeReasoning(edits, view, text.literal, plan);
  else placeContent(edits, view, text?.literal ?? null, plan);
  placeEcho(edits, view, text?.kind === 'content' ? text.literal : null);
  if (hidesRepeats(plan)) {
    for (const { holder, found } of view.repeats) edits.removeMember(holder, found);
  }
  if (view.finish !== null && finish !== 'keep') {
    edits.replace(view.finish.value, finish === 'drop' ? 'null' : JSON.stringify(finish));
  }
  if (view.logprobs !== null) {
    editLogprobs(edits, json, view, view.logprobs.value, text?.logprobs ?? null);
  }
}

function placeReasoning(
  edits: JsonEdits,
  view: ChoiceView,
  literal: string,
  { output, movesFields }: RewritePlan,
): void {
  const { body, slot } = view;
  const [name = 'reasoning_content', ...otherNames] = output.fields;
  const movable = movesFields ? view.fields.members : [];
  const holdsText = (view.text ?? '') !== '' || view.parts !== null;
  const source =
    movable.find(({ value }) => value.kind === 'string') ??
    member(body, name) ??
    (holdsText ? slot : null);
  if (source === null) {
    edits.insertMember(body, name, literal);
  } else {
    if (source.key !== name) edits.renameKey(source, name);
    edits.replace(source.value, literal);
  }
  for (const other of otherNames) {
    edits.insertMember(body, other, literal, source === null ? {} : { after: source });
  }
  const leftOver = new Set([
    ...movable,
    ...output.fields.flatMap((key) => membersNamed(body, key)),
  ]);
  if (holdsText && slot !== null) leftOver.add(slot);
  for (const found of leftOver) {
    if (found === source) continue;
    // Its name was written: with it twice, which of the values counts would be up to the client.
    if (output.fields.includes(found.key)) edits.removeMember(body, found);
    else removeField(edits, view, found, output.fields);
  }
}

function placeContent(
  edits: JsonEdits,
  view: ChoiceView,
  literal: string | null,
  { output, movesFields }: RewritePlan,
): void {
  if (movesFields) {
    for (const found of view.fields.members) removeField(edits, view, found, output.fields);
  }
  if (view.slot !== null && view.mixedParts !== null) {
    if (literal !== null || (movesFields && hasMixedThinking(view))) {
      edits.replace(view.slot.value, withoutThinking(view.mixedParts, literal));
    }
  } else if (view.slot !== null) {
    const isEmptied = (view.text ?? '') !== '' || (movesFields && view.parts !== null);
    if (literal !== null) edits.replace(view.slot.value, literal);
    else if (isEmptied) edits.replace(view.slot.value, '""');
  } else if (literal !== null) {
    edits.insertMember(view.body, view.shape === 'text' ? 'text' : 'content', literal);
  }
}

/** Says beside the delta what the delta says. */
function placeEcho(edits: JsonEdits, { echo }: ChoiceView, literal: string | null): void {
  if (echo === null) return;
  if (literal !== null) edits.replace(echo.value, literal);
  else if (echo.value.kind === 'string') edits.replace(echo.value, '""');
}

/** @param literal - text that goes before the parts, as a JSON string literal in bytes */
function withoutThinking({ answer }: ContentParts, literal: string | null): string {
  const before = literal === null ? [] : [`{"type":"text","text":${literal}}`];
  return `[${[...before, ...answer].join(',')}]`;
}

/** Takes a reasoning field out, but for what it holds besides text that a field output can carry. */
export function removeField(
  edits: JsonEdits,
  view: ChoiceView,
  found: JsonMember,
  outputFields: readonly string[],
): void {
  const { otherDetails, unread } = view.fields;
  // Better where the backend put it than nowhere.
  if (unread.includes(found) && outputFields.length > 0) return;
  const isDetails = found.key === REASONING_DETAILS_FIELD && otherDetails.length > 0;
  if (isDetails && outputFields.length > 0) {
    edits.replace(found.value, `[${otherDetails.join(',')}]`);
  } else {
    edits.removeMember(view.body, found);
  }
}

function editLogprobs(
  edits: JsonEdits,
  json: string,
  view: ChoiceView,
  logprobs: JsonSpan,
  entries: TextPiece['logprobs'],
): void {
  const content = unlessNull(json, member(logprobs, 'content'));
  // Legacy completions count by character offsets into the text, which no longer hold.
  if (view.shape === 'text') edits.replace(logprobs, 'null');
  else if (content !== null) edits.replace(content.value, logprobsText(entries));
}

function logprobsText(entries: TextPiece['logprobs']): string {
  return entries === null || entries.includes(null) ? 'null' : `[${entries.join(',')}]`;
}

/**
 * A chunk of its own for a piece that cannot ride on the chunk it came from: that chunk with one
 * choice alone, which carries the piece and nothing else.
 *
 * @param role - JSON text of the role it is to carry too
 */
export function writeExtraChunk(
  json: string,
  root: JsonSpan,
  view: ChoiceView,
  piece: Piece,
  { role, plan }: { readonly role: string | null; readonly plan: RewritePlan },
): string {
  const edits = new JsonEdits(json);
  const choices = member(root, 'choices')?.value;
  for (const item of choices?.items ?? []) {
    if (item !== view.span && choices !== undefined) edits.removeItem(choices, item);
  }
  const usage = unlessNull(json, member(root, 'usage'));
  if (usage !== null) edits.replace(usage.value, 'null');
  if (view.finish !== null) edits.replace(view.finish.value, 'null');
  const logprobs = piece.kind === 'call' || view.shape === 'text' ? null : piece.logprobs;
  const listed = logprobs === null ? 'null' : `{"content":${logprobsText(logprobs)}}`;
  const slot = member(view.span, 'logprobs');
  if (slot !== null) edits.replace(slot.value, listed);
  // The chunk it rides on need not have any: a finish, say, before which held text is let go.
  else if (logprobs !== null) edits.insertMember(view.span, 'logprobs', listed);
  placeEcho(edits, view, piece.kind === 'content' ? jsonStringBytes(piece.text) : null);
  if (view.shape !== 'text') {
    edits.replace(view.body, deltaText(piece, role, plan));
  } else if (piece.kind !== 'call') {
    placeInLegacy(edits, view, piece, plan);
  }
  return edits.apply();
}

/** A legacy completion has no delta: its choice holds the text, and reasoning in its place. */
function placeInLegacy(
  edits: JsonEdits,
  { body, slot, fields }: ChoiceView,
  { kind, text }: TextPiece,
  { output }: RewritePlan,
): void {
  if (slot === null) return;
  edits.replace(slot.value, jsonStringBytes(text));
  // A name that is written again would stand there twice, also beside null.
  const written = output.fields.flatMap((key) => membersNamed(body, key));
  for (const found of new Set([...fields.members, ...written])) edits.removeMember(body, found);
  if (kind === 'content') return;
  const [name = 'reasoning_content', ...otherNames] = output.fields;
  edits.renameKey(slot, name);
  for (const other of otherNames) {
    edits.insertMember(body, other, jsonStringBytes(text), { after: slot });
  }
}

function deltaText(piece: Piece, role: string | null, { output }: RewritePlan): string {
  const head = role === null ? '' : `"role":${role},`;
  switch (piece.kind) {
    case 'content':
      return `{${head}"content":${jsonStringBytes(piece.text)}}`;
    case 'reasoning': {
      const literal = jsonStringBytes(piece.text);
      return `{${head}${output.fields.map((name) => `"${name}":${literal}`).join(',')}}`;
    }
    case 'call':
      return `{${head}"tool_calls":[${callText(piece)}]}`;
    default: {
      const exhaustiveCheck: never = piece;
      return exhaustiveCheck;
    }
  }
}

/** A part of a tool call as a stream carries it. */
function callText({ index, head, arguments: part }: CallPiece): string {
  const argumentsText = `"arguments":${jsonStringBytes(part)}`;
  if (head === null) return `{"index":${index},"function":{${argumentsText}}}`;
  const name = jsonStringBytes(head.name);
  const id = JSON.stringify(head.id);
  return `{"index":${index},"id":${id},"type":"function","function":{"name":${name},${argumentsText}}}`;
}
