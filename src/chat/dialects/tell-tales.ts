import { type ReasoningInput } from '../../config/reasoning-policy.js';
import { type TagDialectConfig } from '../../config/tag-dialect.js';
import { AUTO_MARKERS } from './auto.js';
import { HARMONY_TELL_TALES } from './harmony-markers.js';
import { isTagPreset, TAG_PRESETS } from './presets.js';

/**
 * Strings of which a text must have one so that a dialect finds anything in it but content; null
 * where it may find something in any text. A bare word that is nothing without a marker is none.
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
