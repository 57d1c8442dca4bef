import { JsonEdits } from '../../wire/json/json-edits.js';
import { type JsonSpan, member } from '../../wire/json/json-span.js';
import { parseSpans } from '../../wire/json/parse-spans.js';

const NAME = 'stream_options';
const ASKED = '{"include_usage":true}';

/** The members of the request, and those of its `stream_options`. */
const DEPTH = 2;

/** Whether a request, given as JSON text, asks for a stream. */
export function asksForStream(json: string): boolean {
  const root = parseSpans(json, { depth: 1 });
  return root !== null && isTrue(json, root, 'stream');
}

/**
 * The request as one that also asks for its usage; every other character stays as it is.
 *
 * @param json - a JSON object that asks for a stream: a backend refuses the question in any other
 * @returns null when it asks already, or its `stream_options` is neither an object nor null
 */
export function withUsageAsked(json: string): string | null {
  // No member can have that name: neither as it is nor with one of its letters escaped.
  if (!json.includes(NAME) && !json.includes('\\u00')) return withMember(json);
  const root = parseSpans(json, { depth: DEPTH });
  if (root === null) return null;
  const options = member(root, NAME);
  if (options === null) return withMember(json);
  const edits = new JsonEdits(json);
  const { value } = options;
  const asked = member(value, 'include_usage');
  if (value.kind === 'object') {
    if (isTrue(json, value, 'include_usage')) return null;
    if (asked === null) edits.insertMember(value, 'include_usage', 'true');
    else edits.replace(asked.value, 'true');
  } else if (json.startsWith('null', value.start)) {
    edits.replace(value, ASKED);
  } else {
    return null;
  }
  return edits.apply();
}

function withMember(json: string): string {
  const end = json.lastIndexOf('}');
  return `${json.slice(0, end)},"${NAME}":${ASKED}${json.slice(end)}`;
}

function isTrue(json: string, object: JsonSpan, name: string): boolean {
  const found = member(object, name);
  return found !== null && json.startsWith('true', found.value.start);
}
