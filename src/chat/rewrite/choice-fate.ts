import { type JsonSpan, unlessNull } from '../../wire/json/json-span.js';
import { type ChoiceState } from './choice-state.js';
import { type ChoiceView, hasMixedThinking } from './choice-view.js';
import { type ChoiceChange } from './chunk-writer.js';
import { type Piece, type TextPiece } from './pipeline/piece.js';
import { areNamed } from './reasoning-fields.js';
import { hidesRepeats } from './repeated-reasoning.js';
import { type RewritePlan } from './rewrite-plan.js';

/** Members of a chunk that carry nothing a client would miss. */
const PASSENGERS: ReadonlySet<string> = new Set([
  'id',
  'object',
  'created',
  'model',
  'system_fingerprint',
  'service_tier',
  'provider',
  'obfuscation',
  'choices',
]);

function holdsOwnText(view: ChoiceView, { movesFields }: RewritePlan): boolean {
  if (view.mixedParts !== null) return false;
  if ((view.text ?? '') !== '') return true;
  return movesFields && (view.fields.text !== '' || view.parts !== null);
}

/** The piece that stays on the chunk: the last, if the chunk brought text and it is text. */
export function lastOwnText(
  view: ChoiceView,
  pieces: readonly Piece[],
  plan: RewritePlan,
): TextPiece | null {
  const last = pieces.at(-1);
  if (last === undefined || last.kind === 'call' || !holdsOwnText(view, plan)) return null;
  // It would take the place of reasoning that stays in its field.
  const isFieldTaken = !plan.movesFields && view.fields.text !== '';
  return last.kind === 'reasoning' && isFieldTaken ? null : last;
}

/**
 * The role the chunk brings; null where it has none, or it was sent and the stream is rewritten. A
 * chunk whose text is held, which may be the beginning of a marker, counts as rewritten.
 *
 * @param text - what stays on the chunk
 */
export function roleOf(
  json: string,
  view: ChoiceView,
  state: ChoiceState,
  text: TextPiece | null,
): string | null {
  const isHeld = (view.text ?? '') !== '' && text?.text !== view.text;
  const isRewritten = isHeld || state.pipeline.hasMatched;
  if (view.role === null || (state.roleSent && isRewritten)) return null;
  return json.slice(view.role.value.start, view.role.value.end);
}

/** What becomes of a choice's finish reason. It leaves once; with tool calls found in the text it names them. */
export function finishOf(view: ChoiceView, state: ChoiceState): ChoiceChange['finish'] {
  if (state.finishSent && state.pipeline.hasMatched) return 'drop';
  const isPlainStop = view.finishReason === 'stop';
  return isPlainStop && state.pipeline.hasLeakedCalls ? 'tool_calls' : 'keep';
}

/** Whether a choice differs from what came, so that its chunk cannot pass as it is. */
export function isChange(change: ChoiceChange, text: TextPiece | null, plan: RewritePlan): boolean {
  const { view, role, finish } = change;
  if (plan.movesFields && hasMixedThinking(view)) return true;
  if (view.repeats.length > 0 && hidesRepeats(plan)) return true;
  if (role === 'drop' || (finish !== 'keep' && view.finish !== null)) return true;
  if (!plan.movesFields || view.fields.members.length === 0) {
    if (plan.movesFields && view.parts !== null) return true;
    if ((view.text ?? '') !== (text?.text ?? '')) return true;
    return text !== null && (text.kind !== 'content' || hasOtherTokens(view, text));
  }
  return !areFieldsRight(view, text, plan);
}

/** Whether a text that reads like the chunk's own was held from another, whose tokens it has. */
function hasOtherTokens({ tokens }: ChoiceView, { logprobs }: TextPiece): boolean {
  if (tokens === null || logprobs === null) return false;
  const own = new Set(tokens.map(({ entry }) => entry));
  return logprobs.some((entry) => !own.has(entry));
}

/** Whether reasoning fields stand already where the output wants them. */
function areFieldsRight(
  view: ChoiceView,
  text: TextPiece | null,
  { output }: RewritePlan,
): boolean {
  const { members, text: reasoning } = view.fields;
  const areAll = members.length === output.fields.length || reasoning === '';
  if (!areAll || !areNamed(view.fields, output.fields) || view.parts !== null) return false;
  const [kind, own] = reasoning === '' ? ['content', view.text ?? ''] : ['reasoning', reasoning];
  if (reasoning !== '' && (view.text ?? '') !== '') return false;
  return (text?.text ?? '') === own && (text === null || text.kind === kind);
}

/** Whether the choice still holds anything, or was empty from the start. */
export function mustReachClient(
  { view, text, role, finish }: ChoiceChange,
  plan: RewritePlan,
): boolean {
  const keepsRole = view.role !== null && role === 'keep';
  const keepsFinish = view.finish !== null && finish !== 'drop';
  const lostText = holdsOwnText(view, plan) || losesFields(view, plan);
  const becameEmpty = lostText || role === 'drop' || finish === 'drop';
  return (
    text !== null ||
    keepsRole ||
    keepsFinish ||
    keepsFields(view, plan) ||
    view.hasToolCalls ||
    view.hasUnknown ||
    !becameEmpty
  );
}

/** Whether it brought reasoning beside its text that no client receives. */
function losesFields({ fields, repeats }: ChoiceView, plan: RewritePlan): boolean {
  return hidesRepeats(plan) && (repeats.length > 0 || fields.otherDetails.length > 0);
}

/** Whether reasoning fields that say anything, or a list of parts, stay where they are. */
function keepsFields({ fields, repeats, parts }: ChoiceView, plan: RewritePlan): boolean {
  const { movesFields, output } = plan;
  if (parts !== null && !movesFields) return true;
  if (repeats.length > 0 && !hidesRepeats(plan)) return true;
  if (fields.otherDetails.length > 0) return !movesFields || output.fields.length > 0;
  return !movesFields && fields.text !== '';
}

/** Whether a chunk holds anything besides its choices that the client must not miss. */
export function holdsMore(json: string, root: JsonSpan): boolean {
  return (root.members ?? []).some(
    (found) => !PASSENGERS.has(found.key) && unlessNull(json, found) !== null,
  );
}
