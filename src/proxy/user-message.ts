import { type JsonEdits } from '../wire/json/json-edits.js';
import { type JsonSpan, membersNamed } from '../wire/json/json-span.js';

/** Levels of a chat request down to the text of a part: request, messages, message, parts, part. */
export const MESSAGE_DEPTH = 5;

/**
 * Puts text at the end of the last message whose role is `user`: into its string, or into the last
 * text among its parts; parts without any get one. Without such a message, or where it has no
 * content, nothing changes.
 *
 * @param root - the request, listed to {@link MESSAGE_DEPTH}
 */
export function appendToLastUser(
  edits: JsonEdits,
  json: string,
  root: JsonSpan,
  text: string,
): void {
  for (const { value: messages } of membersNamed(root, 'messages')) {
    const last = messages.items?.findLast((message) => saysOf(json, message, 'role', 'user'));
    if (last === undefined) continue;
    for (const { value } of membersNamed(last, 'content')) append(edits, json, value, text);
  }
}

function append(edits: JsonEdits, json: string, content: JsonSpan, text: string): void {
  if (content.kind === 'string') appendToString(edits, content, text);
  else if (content.items !== undefined) appendToParts(edits, json, content, content.items, text);
}

function appendToParts(
  edits: JsonEdits,
  json: string,
  content: JsonSpan,
  items: readonly JsonSpan[],
  text: string,
): void {
  const part = items.findLast((item) => saysOf(json, item, 'type', 'text'));
  if (part === undefined) {
    edits.insertItem(content, JSON.stringify({ type: 'text', text }));
    return;
  }
  for (const { value } of membersNamed(part, 'text')) {
    if (value.kind === 'string') appendToString(edits, value, text);
  }
}

/** Inserts before the closing quote, so that the literal keeps its spelling. */
function appendToString(edits: JsonEdits, { end }: JsonSpan, text: string): void {
  const position = end - 1;
  edits.replace({ start: position, end: position }, JSON.stringify(text).slice(1, -1));
}

/** Whether the last member called `name`, which most parsers take, is the given word. */
function saysOf(json: string, object: JsonSpan, name: string, word: string): boolean {
  const value = membersNamed(object, name).at(-1)?.value;
  return value?.kind === 'string' && JSON.parse(json.slice(value.start, value.end)) === word;
}
