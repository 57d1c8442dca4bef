/** Fields in which servers put reasoning as a string; sources in docs/reasoning.md. */
export const REASONING_TEXT_FIELDS = [
  'reasoning_content',
  'reasoning',
  'thinking',
  'reasoning_text',
] as const;

/** OpenRouter's list of typed details. */
export const REASONING_DETAILS_FIELD = 'reasoning_details';

/** Names that carry reasoning in a delta or a message. */
export const REASONING_FIELD_NAMES: ReadonlySet<string> = new Set([
  ...REASONING_TEXT_FIELDS,
  REASONING_DETAILS_FIELD,
]);
