import { BOM } from '../../wire/byte-order-mark.js';
import { jsonStringBytes } from '../../wire/byte-text.js';
import { JsonEdits } from '../../wire/json/json-edits.js';
import { type JsonSpan, member, textAt, unlessNull } from '../../wire/json/json-span.js';
import { parseSpans } from '../../wire/json/parse-spans.js';
import { createChoiceStates, feedChoice } from './choice-state.js';
import { type ChoiceView, hasMixedThinking, viewChoice } from './choice-view.js';
import { editChoice, placed, removeField } from './chunk-writer.js';
import { withoutEcho } from './echoed-fields.js';
import { noteUsage } from './note-usage.js';
import { type CallPiece, type Piece, type TextPiece } from './pipeline/piece.js';
import { areNamed } from './reasoning-fields.js';
import { hidesRepeats } from './repeated-reasoning.js';
import { type ReplyObserver } from './reply-observer.js';
import { type RewritePlan } from './rewrite-plan.js';

/**
 * Rewrites the body of a chat or legacy completion: the same path as a stream, as one chunk.
 *
 * @param json - the body as a byte string
 * @returns the new body; the very string that was given when nothing is to change, when it is not
 *   JSON, or not a completion
 */
export function rewriteJson(json: string, plan: RewritePlan, observer: ReplyObserver): string {
  // Clients may ignore one (RFC 8259 §8.1), and most do.
  return json.startsWith(BOM)
    ? BOM + rewriteText(json.slice(BOM.length), plan, observer)
    : rewriteText(json, plan, observer);
}

function rewriteText(json: string, plan: RewritePlan, observer: ReplyObserver): string {
  const root = parseSpans(json);
  if (root?.kind !== 'object') return json;
  noteUsage(json, root, observer);
  const states = createChoiceStates(plan, observer);
  const edits = new JsonEdits(json);
  for (const [position, span] of (member(root, 'choices')?.value.items ?? []).entries()) {
    const found = viewChoice(json, span);
    // By position: some servers leave the index out, or give each choice the same.
    const state = found === null ? null : states.of(position);
    if (found === null || state === null || found.shape === 'delta') continue;
    const view = withoutEcho(found, plan);
    feedChoice(state, view, plan);
    if (!state.pipeline.hasEnded) state.pipeline.end();
    if (view.finishReason !== null) observer.finished(view.finishReason);
    editMessage(edits, json, view, { pieces: state.pipeline.take(), plan });
  }
  return edits.apply();
}

interface MessageText {
  readonly content: TextPiece | null;
  readonly reasoning: TextPiece | null;
  readonly calls: readonly CallPiece[];
}

function editMessage(
  edits: JsonEdits,
  json: string,
  view: ChoiceView,
  { pieces, plan }: { readonly pieces: readonly Piece[]; readonly plan: RewritePlan },
): void {
  const message = gathered(pieces);
  if (isSame(view, message, plan)) return;
  const finish = message.calls.length > 0 && view.finishReason === 'stop' ? 'tool_calls' : 'keep';
  const content = message.content === null ? null : placed(message.content);
  editChoice(edits, json, { view: withoutFields(view), text: content, role: 'keep', finish }, plan);
  editFields(edits, { json, view }, message.reasoning, plan);
  if (message.calls.length > 0) insertCalls(edits, json, view.body, message.calls);
}

/** All text of a kind in one, and all calls with their whole arguments. */
function gathered(pieces: readonly Piece[]): MessageText {
  const calls = new Map<number, CallPiece>();
  for (const piece of pieces) {
    if (piece.kind !== 'call') continue;
    const {
      index,
      head,
      arguments: earlier,
    } = calls.get(piece.index) ?? { ...piece, arguments: '' };
    calls.set(index, { kind: 'call', index, head, arguments: earlier + piece.arguments });
  }
  return {
    content: merged(pieces, 'content'),
    reasoning: merged(pieces, 'reasoning'),
    calls: [...calls.values()],
  };
}

function merged(pieces: readonly Piece[], kind: TextPiece['kind']): TextPiece | null {
  const parts = pieces
    .filter((piece) => piece.kind !== 'call')
    .filter((piece) => piece.kind === kind);
  if (parts.length === 0) return null;
  const listed = parts.flatMap(({ logprobs }) => logprobs ?? []);
  return {
    kind,
    text: parts.map(({ text }) => text).join(''),
    logprobs: parts.every(({ logprobs }) => logprobs === null) ? null : listed,
  };
}

/** Whether the message says already what the client is to receive, where it is to receive it. */
function isSame(view: ChoiceView, message: MessageText, plan: RewritePlan): boolean {
  if ((message.content?.text ?? '') !== (view.text ?? '') || message.calls.length > 0) return false;
  if (!plan.movesFields) return message.reasoning === null;
  if (view.parts !== null || hasMixedThinking(view)) return false;
  if (view.repeats.length > 0 && hidesRepeats(plan)) return false;
  const { members, text } = view.fields;
  const { fields } = plan.output;
  if (!areNamed(view.fields, fields)) return false;
  if (text === '') return message.reasoning === null;
  return members.length === fields.length && message.reasoning?.text === text;
}

/** The view with its reasoning fields out of sight: a message, unlike a chunk, has both kinds. */
function withoutFields(view: ChoiceView): ChoiceView {
  return { ...view, fields: { text: '', members: [], unread: [], otherDetails: [] } };
}

function editFields(
  edits: JsonEdits,
  { json, view }: { readonly json: string; readonly view: ChoiceView },
  reasoning: TextPiece | null,
  { output, movesFields }: RewritePlan,
): void {
  const text = reasoning?.text ?? '';
  const wanted = reasoning === null ? [] : output.fields;
  const literal = jsonStringBytes(text);
  for (const name of wanted) {
    const existing = member(view.body, name);
    // What is kept in a field comes first there, as in a stream.
    const kept =
      !movesFields && existing?.value.kind === 'string' ? textAt(json, existing.value) : '';
    if (existing !== null) edits.replace(existing.value, jsonStringBytes(kept + text));
    else
      edits.insertMember(view.body, name, literal, view.slot === null ? {} : { after: view.slot });
  }
  if (!movesFields) return;
  for (const found of view.fields.members) {
    if (!wanted.includes(found.key)) removeField(edits, view, found, output.fields);
  }
}

function insertCalls(
  edits: JsonEdits,
  json: string,
  body: JsonSpan,
  calls: readonly CallPiece[],
): void {
  const items = calls.map(({ head, arguments: text }) => {
    const name = jsonStringBytes(head?.name ?? '');
    const id = JSON.stringify(head?.id ?? '');
    const args = jsonStringBytes(text);
    return `{"id":${id},"type":"function","function":{"name":${name},"arguments":${args}}}`;
  });
  const existing = member(body, 'tool_calls');
  if (existing === null) {
    edits.insertMember(body, 'tool_calls', `[${items.join(',')}]`);
  } else if (unlessNull(json, existing) === null || existing.value.kind !== 'array') {
    edits.replace(existing.value, `[${items.join(',')}]`);
  } else {
    for (const item of items) edits.insertItem(existing.value, item);
  }
}
