import { type JsonMember, type JsonSpan, unlessNull } from '../../wire/json/json-span.js';
import { REASONING_FIELD_NAMES } from '../../wire/reasoning-field-names.js';
import { type RewritePlan } from './rewrite-plan.js';

/** LiteLLM's list of Anthropic's blocks, signatures included. */
const THINKING_BLOCKS_FIELD = 'thinking_blocks';

/** Where LiteLLM hands on what it has no field for. */
const PROVIDER_FIELDS = 'provider_specific_fields';

/** A member that says again what a reasoning field says, and the object it is a member of. */
export interface Repeat {
  readonly holder: JsonSpan;
  readonly found: JsonMember;
}

const NONE: readonly Repeat[] = [];

/**
 * @param json - byte string that the span is of
 * @param body - a delta or message
 * @returns those that are not null
 */
export function findRepeats(json: string, body: JsonSpan): readonly Repeat[] {
  let repeats = NONE;
  for (const found of body.members ?? []) {
    if (unlessNull(json, found) === null) continue;
    const all = found.key === PROVIDER_FIELDS ? (found.value.members ?? []) : [];
    const inner = all.filter((each) => isRepeat(each.key) && unlessNull(json, each) !== null);
    const isAll = inner.length > 0 && inner.length === all.length;
    if (isAll || found.key === THINKING_BLOCKS_FIELD) {
      repeats = [...repeats, { holder: body, found }];
      continue;
    }
    repeats = [...repeats, ...inner.map((each) => ({ holder: found.value, found: each }))];
  }
  return repeats;
}

function isRepeat(key: string): boolean {
  return key === THINKING_BLOCKS_FIELD || REASONING_FIELD_NAMES.has(key);
}

/** Whether they go: a client that reads fields may have to send their signatures back. */
export function hidesRepeats({ movesFields, output }: RewritePlan): boolean {
  return movesFields && output.fields.length === 0;
}
