import { integerParameter } from './integer.js';

/** Seconds, up to 31 days. */
export const STEP_PARAMETER = integerParameter({
  name: 'step',
  description: 'Seconds that a point stands for.',
  min: 1,
  max: 2_678_400,
  fallback: 60,
});
