import { textOfJsonString } from '../../wire/byte-text.js';
import { type JsonMember, type JsonSpan, member } from '../../wire/json-spans.js';
import {
  REASONING_DETAILS_FIELD,
  REASONING_FIELD_NAMES,
} from '../../wire/reasoning-field-names.js';

/** Reasoning found in the fields of one delta or message. */
export interface ReasoningFields {
  /** Their text; the same text in two fields counts once. */
  readonly text: string;
  /** The members that carry it, in order; null and absent ones are not among them. */
  readonly members: readonly JsonMember[];
  /** Items of `reasoning_details` that are no plain text, such as encrypted ones; JSON texts. */
  readonly otherDetails: readonly string[];
}

const NONE: ReasoningFields = { text: '', members: [], otherDetails: [] };

/** @param json - byte string that the spans are of */
export function readReasoningFields(json: string, body: JsonSpan): ReasoningFields {
  const members: JsonMember[] = [];
  const texts = new Set<string>();
  let otherDetails: readonly string[] = [];
  for (const found of body.members ?? []) {
    if (!REASONING_FIELD_NAMES.has(found.key)) continue;
    if (found.key === REASONING_DETAILS_FIELD) {
      if (found.value.kind !== 'array') continue;
      const details = readDetails(json, found.value);
      members.push(found);
      otherDetails = details.others;
      if (details.text !== '') texts.add(details.text);
    } else if (found.value.kind === 'string' || found.value.kind === 'object') {
      members.push(found);
      const text = fieldText(json, found.value);
      if (text !== '') texts.add(text);
    }
  }
  return members.length === 0 ? NONE : { text: [...texts].join(''), members, otherDetails };
}

/** Whether they stand where an output wants them: under its names, and their text as strings. */
export function areNamed({ text, members }: ReasoningFields, names: readonly string[]): boolean {
  return members.every(
    ({ key, value }) => names.includes(key) && (value.kind === 'string' || text === ''),
  );
}

/** Of a string, or of an object around one, as gateways before Bedrock have sent it. */
function fieldText(json: string, value: JsonSpan): string {
  const text = value.kind === 'object' ? member(value, 'text')?.value : value;
  return text?.kind === 'string' ? textAt(json, text) : '';
}

/** Only the texts among the details are reasoning that can be moved. */
function readDetails(json: string, list: JsonSpan): { text: string; others: readonly string[] } {
  let text = '';
  const others: string[] = [];
  for (const item of list.items ?? []) {
    const part = member(item, 'text')?.value;
    if (part?.kind === 'string') text += textAt(json, part);
    else others.push(json.slice(item.start, item.end));
  }
  return { text, others };
}

/** Content given as a list of typed parts, as the Mistral API does. */
export interface ContentParts {
  readonly pieces: readonly { readonly kind: 'content' | 'reasoning'; readonly text: string }[];
  /** Whether every part is text or thinking, so that nothing is lost by reading it. */
  readonly isOnlyText: boolean;
  /** The parts that are no thinking, as JSON texts. */
  readonly answer: readonly string[];
}

export function readContentParts(json: string, list: JsonSpan): ContentParts {
  const pieces: { kind: 'content' | 'reasoning'; text: string }[] = [];
  const answer: string[] = [];
  let isOnlyText = true;
  for (const part of list.items ?? []) {
    const type = member(part, 'type')?.value;
    const typeName = type?.kind === 'string' ? textAt(json, type) : '';
    const thinking = member(part, 'thinking')?.value;
    const text = member(part, 'text')?.value;
    if (typeName === 'thinking' && thinking !== undefined) {
      pieces.push({ kind: 'reasoning', text: thinkingText(json, thinking) });
      continue;
    }
    answer.push(json.slice(part.start, part.end));
    if (typeName === 'text' && text?.kind === 'string') {
      pieces.push({ kind: 'content', text: textAt(json, text) });
    } else {
      isOnlyText = false;
    }
  }
  return { pieces, isOnlyText, answer };
}

function thinkingText(json: string, thinking: JsonSpan): string {
  if (thinking.kind === 'string') return textAt(json, thinking);
  return (thinking.items ?? [])
    .map((item) => member(item, 'text')?.value)
    .map((text) => (text?.kind === 'string' ? textAt(json, text) : ''))
    .join('');
}

/** The decoded text of a string's span. */
export function textAt(json: string, { start, end }: JsonSpan): string {
  return textOfJsonString(json.slice(start, end));
}
