import { type ReasoningPolicy } from '../../config/typed/reasoning-policy.js';
import { bytesOfUtf8, jsonStringBytes, utf8OfBytes } from '../../wire/byte-text.js';
import { JsonEdits } from '../../wire/json/json-edits.js';
import {
  type JsonMember,
  type JsonSpan,
  member,
  stringMember,
  textAt,
} from '../../wire/json/json-span.js';
import { parseSpans } from '../../wire/json/parse-spans.js';
import { readContentParts } from '../rewrite/content-parts.js';
import { readReasoningFields } from '../rewrite/reasoning-fields.js';
import { findRepeats } from '../rewrite/repeated-reasoning.js';
import { readThoughts } from './thoughts.js';

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
    if (stringMember(json, message, 'role') !== 'assistant') continue;
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
  const text = place === null ? '' : textAt(json, place);
  const thoughts = readThoughts(text, policy);
  const parts = thinkingParts(json, message);
  const besideText = fields.text + parts.text;
  // Some servers say it in both places, and trim it in one of them.
  const isEcho = besideText.trim() === thoughts?.reasoning.trim();
  const fieldText = isEcho ? '' : besideText;
  const reasoning = fieldText + (thoughts?.reasoning ?? '');
  const repeats = policy.history === 'strip' ? findRepeats(json, message) : [];
  for (const { holder, found } of repeats) edits.removeMember(holder, found);
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
    // An empty one that stands in its place is as the backend gave it, who may insist on it.
    const isRight = reasoning === '' && found.key === history;
    if (found !== kept && !isRight) edits.removeMember(message, found);
  }
  removeParts(edits, message, parts.items, history);
}

function removeParts(
  edits: JsonEdits,
  message: JsonSpan,
  items: readonly JsonSpan[],
  history: ReasoningPolicy['history'],
): void {
  const list = member(message, 'content')?.value;
  if (list === undefined || items.length === 0) return;
  // A list without parts is refused by those who take lists.
  if (items.length === list.items?.length && history !== 'tags') edits.replace(list, '""');
  else for (const item of items) edits.removeItem(list, item);
}

/** Thinking among the parts of a content that is a list, as the Mistral API has it. */
function thinkingParts(
  json: string,
  message: JsonSpan,
): { readonly text: string; readonly items: readonly JsonSpan[] } {
  const content = member(message, 'content')?.value;
  const items = (content?.items ?? []).filter(
    (part) => stringMember(json, part, 'type') === 'thinking',
  );
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

/** The string in which a message has its text: `content`, or the first text among its parts. */
function findText(json: string, message: JsonSpan): JsonSpan | null {
  const content = member(message, 'content')?.value;
  if (content?.kind === 'string') return content;
  for (const part of content?.items ?? []) {
    const text = member(part, 'text')?.value;
    if (text?.kind === 'string' && stringMember(json, part, 'type') === 'text') return text;
  }
  return null;
}

interface NewText {
  /** The string it takes the place of; null where there is none. */
  readonly place: JsonSpan | null;
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
  if (place !== null) edits.replace(place, literal);
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
