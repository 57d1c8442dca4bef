import { choiceParameter } from './choice.js';

/** Fields by whose values exchanges are told apart. */
export const BREAKDOWN_FIELDS = ['model', 'backend', 'tenant', 'endpoint', 'status'] as const;

/** A field by whose values exchanges can be told apart. */
export type BreakdownField = (typeof BREAKDOWN_FIELDS)[number];

/** The parameter `by`, which must be given. */
export const BY_PARAMETER = choiceParameter({
  name: 'by',
  description: 'The field by whose values the exchanges are told apart.',
  choices: BREAKDOWN_FIELDS,
});
