import {
  type JsonMember,
  type JsonSpan,
  member,
  stringMember,
  textAt,
} from '../../wire/json/json-span.js';
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
  /** Those of them that are objects without a text, whose form is not known. */
  readonly unread: readonly JsonMember[];
  /** What `reasoning_details` holds but plain text, encrypted items and signatures; JSON texts. */
  readonly otherDetails: readonly string[];
}

const NONE: ReasoningFields = { text: '', members: [], unread: [], otherDetails: [] };

/** @param json - byte string that the spans are of */
export function readReasoningFields(json: string, body: JsonSpan): ReasoningFields {
  const members: JsonMember[] = [];
  const unread: JsonMember[] = [];
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
      else if (found.value.kind === 'object') unread.push(found);
    }
  }
  if (members.length === 0) return NONE;
  return { text: [...texts].join(''), members, unread, otherDetails };
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

/**
 * Only the texts among the details are reasoning that can be moved. A signature stays behind, as
 * where it comes in a chunk of its own: a later turn may be refused without it.
 */
function readDetails(json: string, list: JsonSpan): { text: string; others: readonly string[] } {
  let text = '';
  const others: string[] = [];
  for (const item of list.items ?? []) {
    const part = stringMember(json, item, 'text');
    text += part ?? '';
    if (part === null) others.push(json.slice(item.start, item.end));
    else if ((stringMember(json, item, 'signature') ?? '') !== '') others.push(untold(json, item));
  }
  return { text, others };
}

/** A detail without its text. */
function untold(json: string, { members = [] }: JsonSpan): string {
  const kept = members.filter(({ key }) => key !== 'text');
  return `{${kept.map(({ keyStart, value }) => json.slice(keyStart, value.end)).join(',')}}`;
}
