import { expect, it } from '@jest/globals';
import { TAG_PRESETS } from '../chat/dialects/presets.js';
import { REASONING_PRESETS } from './reasoning-presets.js';

it('knows the names of exactly the presets there are', () => {
  const others = ['auto', 'none', 'harmony'];
  expect([...REASONING_PRESETS].sort()).toEqual([...Object.keys(TAG_PRESETS), ...others].sort());
});
