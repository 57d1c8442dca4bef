import { type ReasoningPolicy, type TagDialectConfig } from '../../config/sluice-config.js';
import { bytesOfUtf8, jsonStringBytes, utf8OfBytes } from '../../wire/byte-text.js';
import { JsonEdits } from '../../wire/json-edits.js';
import { type JsonMember, type JsonSpan, member, parseSpans } from '../../wire/json-spans.js';
import { type DialectFactory } from '../dialects/dialect.js';
import { dialectFor } from '../dialects/dialects.js';
import { TAG_DEFAULTS, TAG_PRESETS } from '../dialects/presets.js';
import { tagDialect } from '../dialects/tag.js';
import { readContentParts, readReasoningFields, textAt } from '../rewrite/reasoning-fields.js';
import { type Thoughts, thoughtsIn } from './thoughts.js';

/**
 * Brings the reasoning in earlier assistant messages into the form that `policy.history` names.
 * Read from fields and from tags: those of `input`, and `openTag` with `closeTag`, which is what a
 * client was given and sends back.
 *
 * @param body - a chat request's JSON
 * @returns the request with only the bytes of those messages changed; the very string when none is
 */
export function withHistory(body: string, policy: ReasoningPolicy): string {
  const json = bytesOfUtf8(body);
  const root = parseSpans(json);
  const messages = root === null ? null : member(root, 'messages');
  const edits = new JsonEdits(json);
  for (const message of messages?.value.items ?? []) {
    const role = member(message, 'role')?.value;
    if (role?.kind !== 'string' || textAt(json, role) !== 'assistant') continue;
    editMessage(edits, json, message, policy);
  }
  return edits.isEmpty ? body : utf8OfBytes(edits.apply());
}

function editMessage(
  edits: JsonEdits,
  json: string,
  message: JsonSpan,
  policy: ReasoningPolicy,
): void {
  const fields = readReasoningFields(json, message);
  const place = findText(json, message);
  const text = place === null ? '' : textAt(json, place.value);
  const thoughts = readThoughts(text, policy);
  const parts = thinkingParts(json, message);
  const apart = fields.text + parts.text;
  const fieldText = apart === thoughts?.reasoning ? '' : apart;
  const reasoning = fieldText + (thoughts?.reasoning ?? '');
  const holdsNone = fields.members.length === 0 && parts.items.length === 0 && thoughts === null;
  if (holdsNone) return;

  const { history, openTag, closeTag } = policy;
  const isField = history === 'reasoning_content' || history === 'reasoning';
  const content = thoughts?.content ?? text;
  const tagged =
    fieldText === '' ? (thoughts?.tagged ?? text) : openTag + reasoning + closeTag + content;
  placeText(edits, json, message, {
    place,
    text: history === 'tags' ? tagged : content,
    was: text,
  });
  const kept =
    isField && reasoning !== '' ? placeField(edits, json, message, history, reasoning) : null;
  for (const found of fields.members) {
    if (found !== kept) edits.removeMember(message, found);
  }
  const list = member(message, 'content')?.value;
  for (const item of parts.items) if (list !== undefined) edits.removeItem(list, item);
}

/** Thinking among the parts of a content that is a list, as the Mistral API has it. */
function thinkingParts(
  json: string,
  message: JsonSpan,
): { readonly text: string; readonly items: readonly JsonSpan[] } {
  const content = member(message, 'content')?.value;
  const items = (content?.items ?? []).filter((part) => {
    const type = member(part, 'type')?.value;
    return type?.kind === 'string' && textAt(json, type) === 'thinking';
  });
  if (content === undefined || items.length === 0) return { text: '', items };
  const { pieces } = readContentParts(json, content);
  return {
    text: pieces
      .filter(({ kind }) => kind === 'reasoning')
      .map(({ text }) => text)
      .join(''),
    items,
  };
}

function readThoughts(text: string, policy: ReasoningPolicy): Thoughts | null {
  if (text === '') return null;
  const { openTag, closeTag } = policy;
  const written = tagDialect({ ...TAG_DEFAULTS, open: openTag, close: closeTag });
  return thoughtsIn(text, written, policy) ?? thoughtsIn(text, inputDialect(text, policy), policy);
}

/**
 * The dialect of the backend. A message that begins inside a block is only taken for one where the
 * block ends: what a client sends back may be the answer alone.
 */
function inputDialect(text: string, { input }: ReasoningPolicy): DialectFactory {
  const config = typeof input === 'string' ? tagPreset(input) : input;
  if (config === null || !config.implicitOpen || text.includes(config.close)) {
    return dialectFor(input);
  }
  return tagDialect({
    ...config,
    implicitOpen: false,
    open: config.open === '' ? config.close : config.open,
  });
}

function tagPreset(name: string): TagDialectConfig | null {
  const entry = Object.entries(TAG_PRESETS).find(([preset]) => preset === name);
  return entry?.[1] ?? null;
}

/** Where a message has its text: `content`, or the first text among its parts. */
interface TextPlace {
  readonly value: JsonSpan;
}

function findText(json: string, message: JsonSpan): TextPlace | null {
  const content = member(message, 'content')?.value;
  if (content?.kind === 'string') return { value: content };
  for (const part of content?.items ?? []) {
    const value = member(part, 'text')?.value;
    const type = member(part, 'type')?.value;
    if (value?.kind === 'string' && type?.kind === 'string' && textAt(json, type) === 'text') {
      return { value };
    }
  }
  return null;
}

interface NewText {
  readonly place: TextPlace | null;
  readonly text: string;
  readonly was: string;
}

function placeText(
  edits: JsonEdits,
  json: string,
  message: JsonSpan,
  { place, text, was }: NewText,
): void {
  if (text === was) return;
  const literal = jsonStringBytes(text);
  const content = member(message, 'content');
  if (place !== null) edits.replace(place.value, literal);
  else if (content === null) edits.insertMember(message, 'content', literal);
  else if (json.startsWith('null', content.value.start)) edits.replace(content.value, literal);
  else if (content.value.kind === 'array') {
    edits.insertItem(content.value, `{"type":"text","text":${literal}}`);
  }
}

/** @returns the member that holds the reasoning now, null where one was added */
function placeField(
  edits: JsonEdits,
  json: string,
  message: JsonSpan,
  name: string,
  reasoning: string,
): JsonMember | null {
  const existing = member(message, name);
  if (existing === null) {
    edits.insertMember(message, name, jsonStringBytes(reasoning));
  } else if (existing.value.kind !== 'string' || textAt(json, existing.value) !== reasoning) {
    edits.replace(existing.value, jsonStringBytes(reasoning));
  }
  return existing;
}
