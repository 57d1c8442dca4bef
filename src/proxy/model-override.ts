import { JsonEdits } from '../wire/json-edits.js';
import { membersNamed, parseSpans } from '../wire/json-spans.js';

/**
 * The JSON text of a request with another model: only the bytes of that value change. Every member
 * of that name is replaced, for parsers differ in which one they take; without one it is added.
 * What is no object stays as it is.
 */
export function withModel(text: string, model: string): string {
  const root = parseSpans(text, { depth: 1 });
  if (root?.members === undefined) return text;
  const edits = new JsonEdits(text);
  const named = membersNamed(root, 'model');
  for (const { value } of named) edits.replace(value, JSON.stringify(model));
  if (named.length === 0) edits.insertMember(root, 'model', JSON.stringify(model));
  return edits.apply();
}
