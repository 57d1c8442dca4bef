import {
  type JsonMember,
  type JsonSpan,
  member,
  stringMember,
  textAt,
  unlessNull,
} from '../../wire/json/json-span.js';
import { REASONING_FIELD_NAMES } from '../../wire/reasoning-field-names.js';
import { type ContentParts, readContentParts } from './content-parts.js';
import { type TokenEntry } from './pipeline/token-ledger.js';
import { readReasoningFields, type ReasoningFields } from './reasoning-fields.js';
import { findRepeats, type Repeat } from './repeated-reasoning.js';

/** Where a choice keeps its text: in a stream's `delta`, in a `message`, or itself (legacy). */
export type ChoiceShape = 'delta' | 'message' | 'text';

/** What one choice of a chunk or body holds, with the spans to edit it by. */
export interface ChoiceView {
  readonly span: JsonSpan;
  readonly shape: ChoiceShape;
  readonly index: number;
  /** The object that holds the text; the choice itself in legacy completions. */
  readonly body: JsonSpan;
  /** The member that holds the text, whatever its kind; null where there is none. */
  readonly slot: JsonMember | null;
  /** Its text; null where it is null, a list, or absent. */
  readonly text: string | null;
  /** `text` beside a delta that says the same, as Together AI has it. */
  readonly echo: JsonMember | null;
  /** Its text and thinking parts, where it is a list of nothing else. */
  readonly parts: ContentParts | null;
  /** Its parts, where some of them are neither: those stay in their list. */
  readonly mixedParts: ContentParts | null;
  readonly fields: ReasoningFields;
  readonly repeats: readonly Repeat[];
  readonly role: JsonMember | null;
  /** Indices of the tool calls it carries. */
  readonly toolCalls: readonly number[];
  readonly hasToolCalls: boolean;
  /** Whether it answers beside its text: by a refusal, or the name or arguments of a call. */
  readonly answersBeside: boolean;
  /** `finish_reason`, unless null or empty. */
  readonly finish: JsonMember | null;
  readonly finishReason: string | null;
  /** `logprobs`, unless null. */
  readonly logprobs: JsonMember | null;
  /** The tokens of `logprobs.content`; null where there are none or they are not the text's. */
  readonly tokens: readonly TokenEntry[] | null;
  /** Whether it holds anything Sluice does not know, so that it must reach the client. */
  readonly hasUnknown: boolean;
}

const KNOWN_IN_BODY: ReadonlySet<string> = new Set([
  'role',
  'content',
  'tool_calls',
  'function_call',
  ...REASONING_FIELD_NAMES,
]);
const KNOWN_IN_CHOICE: ReadonlySet<string> = new Set([
  'index',
  'delta',
  'message',
  'text',
  'finish_reason',
  'logprobs',
]);

/**
 * Reads one item of `choices`.
 *
 * @param json - byte string that the spans are of
 * @returns null for an item that has no text to rewrite
 */
export function viewChoice(json: string, span: JsonSpan): ChoiceView | null {
  const found = findBody(span);
  if (found === null) return null;
  const { shape, body } = found;
  const slot = member(body, shape === 'text' ? 'text' : 'content');
  const text = slot?.value.kind === 'string' ? textAt(json, slot.value) : null;
  const parts = slot?.value.kind === 'array' ? readContentParts(json, slot.value) : null;
  const finish = readFinish(json, span);
  const logprobs = unlessNull(json, member(span, 'logprobs'));
  const repeats = findRepeats(json, body);
  const toolCalls = shape === 'text' ? [] : readToolCalls(json, body);
  return {
    span,
    shape,
    index: readIndex(json, span),
    body,
    slot,
    text,
    echo: shape === 'text' ? null : findEcho(json, span, text),
    parts: parts?.isOnlyText === true ? parts : null,
    mixedParts: parts?.isOnlyText === false ? parts : null,
    fields: readReasoningFields(json, body),
    repeats,
    role: shape === 'text' ? null : unlessNull(json, member(body, 'role')),
    toolCalls,
    hasToolCalls: toolCalls.length > 0 || unlessNull(json, member(body, 'function_call')) !== null,
    answersBeside: shape !== 'text' && answersBeside(body),
    finish,
    finishReason: finish?.value.kind === 'string' ? textAt(json, finish.value) : null,
    logprobs,
    tokens: logprobs === null || text === null ? null : readTokens(json, logprobs.value, text),
    hasUnknown: parts?.isOnlyText === false || holdsUnknown(json, { choice: span, body, repeats }),
  };
}

function findBody(span: JsonSpan): { shape: ChoiceShape; body: JsonSpan } | null {
  for (const shape of ['delta', 'message'] as const) {
    const body = member(span, shape)?.value;
    if (body?.kind === 'object') return { shape, body };
  }
  return member(span, 'text') === null ? null : { shape: 'text', body: span };
}

function findEcho(json: string, span: JsonSpan, text: string | null): JsonMember | null {
  const found = member(span, 'text');
  if (unlessNull(json, found) === null) return text === null ? found : null;
  return found?.value.kind === 'string' && textAt(json, found.value) === text ? found : null;
}

function readIndex(json: string, span: JsonSpan): number {
  const value = member(span, 'index')?.value;
  return value?.kind === 'number' ? Number(json.slice(value.start, value.end)) : 0;
}

/** LocalAI, and earlier versions of Ollama and SGLang, say `""` in each chunk before the last. */
function readFinish(json: string, span: JsonSpan): JsonMember | null {
  const finish = unlessNull(json, member(span, 'finish_reason'));
  return finish?.value.kind === 'string' && !isText(finish.value) ? null : finish;
}

function readToolCalls(json: string, body: JsonSpan): readonly number[] {
  const list = member(body, 'tool_calls')?.value;
  return (list?.items ?? []).map((item, position) =>
    member(item, 'index') === null ? position : readIndex(json, item),
  );
}

function answersBeside(body: JsonSpan): boolean {
  for (const { key, value } of body.members ?? []) {
    if (key === 'refusal' && isText(value)) return true;
    if (key === 'function_call' && saysCall(value)) return true;
    if (key !== 'tool_calls') continue;
    for (const item of value.items ?? []) {
      const called = member(item, 'function');
      if (called !== null && saysCall(called.value)) return true;
    }
  }
  return false;
}

function saysCall(called: JsonSpan): boolean {
  return (called.members ?? []).some(
    ({ key, value }) => (key === 'name' || key === 'arguments') && isText(value),
  );
}

/** Whether a value is a string with anything between its quotes. */
function isText({ kind, start, end }: JsonSpan): boolean {
  return kind === 'string' && end - start > 2;
}

function readTokens(json: string, logprobs: JsonSpan, text: string): readonly TokenEntry[] | null {
  const list = member(logprobs, 'content')?.value;
  if (list?.kind !== 'array') return null;
  const entries = (list.items ?? []).map((item) => ({
    token: stringMember(json, item, 'token') ?? '',
    entry: json.slice(item.start, item.end),
  }));
  return entries.map(({ token }) => token).join('') === text ? entries : null;
}

interface ReadMembers {
  readonly choice: JsonSpan;
  readonly body: JsonSpan;
  readonly repeats: readonly Repeat[];
}

function holdsUnknown(json: string, { choice, body, repeats }: ReadMembers): boolean {
  const isUnknown = (known: ReadonlySet<string>) => (found: JsonMember) =>
    !known.has(found.key) &&
    unlessNull(json, found) !== null &&
    !repeats.some((repeat) => repeat.found === found);
  return (
    (choice.members ?? []).some(isUnknown(KNOWN_IN_CHOICE)) ||
    (body !== choice && (body.members ?? []).some(isUnknown(KNOWN_IN_BODY)))
  );
}

/** Whether thinking stands in a list of parts that has to stay one. */
export function hasMixedThinking({ mixedParts }: ChoiceView): boolean {
  return mixedParts?.pieces.some(({ kind }) => kind === 'reasoning') === true;
}
