import { integerParameter } from './integer.js';

/** Of a page of records. */
export const LIST_LIMIT = integerParameter({
  name: 'limit',
  description: 'Most records of a page.',
  min: 1,
  max: 1_000,
  fallback: 50,
});

/** Of a breakdown. */
export const BREAKDOWN_LIMIT = integerParameter({
  name: 'limit',
  description: 'Most values, those with the most requests first.',
  min: 1,
  max: 1_000,
  fallback: 100,
});
