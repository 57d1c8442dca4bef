import { type ParameterConfig, type ParamsConfig } from '../config/typed/params-config.js';
import { JsonEdits } from '../wire/json/json-edits.js';
import { type JsonSpan, membersNamed } from '../wire/json/json-span.js';
import { parseSpans } from '../wire/json/parse-spans.js';
import { appendToLastUser, MESSAGE_DEPTH } from './user-message.js';

/** What else is done to a chat request, beside its parameters. */
export interface MessageChange {
  /** Put at the end of the last user message; null changes no message. */
  readonly appendToLastUserMessage: string | null;
}

/**
 * The JSON text of a request with its parameters set, filled in and dropped. Parameters are
 * top-level members; a dot in a name is a character like any other. Of members with one name all
 * are replaced or removed, for parsers differ in which one they take. A member that is null is
 * there, so no default fills it.
 *
 * Only the touched characters change: what is added stands behind the last member, every other
 * character stays. What is no JSON object is returned as it is, and so is the very string where
 * there is nothing to do.
 */
export function withParameters(
  bodyText: string,
  params: ParamsConfig,
  { appendToLastUserMessage }: MessageChange,
): string {
  const appended = appendToLastUserMessage ?? '';
  if (appended === '' && changesNothing(params)) return bodyText;
  const root = parseSpans(bodyText, { depth: appended === '' ? 1 : MESSAGE_DEPTH });
  if (root?.members === undefined) return bodyText;
  const edits = new JsonEdits(bodyText);
  for (const parameter of params.set) setParameter(edits, root, parameter);
  for (const parameter of params.default) fillParameter(edits, root, parameter);
  for (const name of params.drop) dropParameter(edits, root, name);
  // Messages that are replaced or removed as a whole are not the client's any more.
  if (appended !== '' && !touches(params, 'messages')) {
    appendToLastUser(edits, bodyText, root, appended);
  }
  return edits.apply();
}

function changesNothing(params: ParamsConfig): boolean {
  return params.set.length + params.default.length + params.drop.length === 0;
}

function touches({ set, drop }: ParamsConfig, name: string): boolean {
  return drop.includes(name) || set.some((parameter) => parameter.name === name);
}

function setParameter(edits: JsonEdits, root: JsonSpan, { name, json }: ParameterConfig): void {
  const named = membersNamed(root, name);
  for (const { value } of named) edits.replace(value, json);
  if (named.length === 0) edits.insertMember(root, name, json);
}

function fillParameter(edits: JsonEdits, root: JsonSpan, { name, json }: ParameterConfig): void {
  if (membersNamed(root, name).length === 0) edits.insertMember(root, name, json);
}

function dropParameter(edits: JsonEdits, root: JsonSpan, name: string): void {
  for (const member of membersNamed(root, name)) edits.removeMember(root, member);
}
