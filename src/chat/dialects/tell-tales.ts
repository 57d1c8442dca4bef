import { type ReasoningInput } from '../../config/typed/reasoning-policy.js';
import { type TagDialectConfig } from '../../config/typed/tag-dialect.js';
import { AUTO_MARKERS } from './auto.js';
import { HARMONY_TELL_TALES } from './harmony/harmony-markers.js';
import { isTagPreset, TAG_PRESETS } from './tag/presets.js';

/**
 * Strings by which a text gives itself away: without any of them it is nothing but content to a
 * dialect. Null where the dialect may find more in any text. Bare words that mean nothing without a
 * marker are not among them.
 */
export function tellTalesOf(input: ReasoningInput): readonly string[] | null {
  if (typeof input !== 'string') return ofTags(input);
  if (isTagPreset(input)) return ofTags(TAG_PRESETS[input]);
  switch (input) {
    case 'none':
      return [];
    case 'auto':
      return AUTO_MARKERS;
    case 'harmony':
      return HARMONY_TELL_TALES;
    default: {
      const exhaustiveCheck: never = input;
      return exhaustiveCheck;
    }
  }
}

function ofTags(config: TagDialectConfig): readonly string[] | null {
  if (config.implicitOpen) return null;
  const { open, close, strayClose, contentOpen, contentClose } = config;
  const strays = strayClose === 'drop' ? [close] : [];
  return [open, ...strays, ...contentOpen, ...contentClose].filter((marker) => marker !== '');
}
