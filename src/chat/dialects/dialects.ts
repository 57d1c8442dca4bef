import { type ReasoningInput } from '../../config/typed/reasoning-policy.js';
import { type ReasoningPreset } from '../../config/typed/reasoning-presets.js';
import { autoDialect } from './auto.js';
import { type DialectFactory } from './dialect.js';
import { harmonyDialect } from './harmony/harmony.js';
import { createPlainDialect } from './plain.js';
import { isTagPreset, TAG_PRESETS, type TagPreset } from './tag/presets.js';
import { tagDialect } from './tag/tag.js';

/** Those that are more than a pair of markers. */
const DIALECTS: Readonly<Record<Exclude<ReasoningPreset, TagPreset>, DialectFactory>> = {
  none: createPlainDialect,
  auto: autoDialect(),
  harmony: harmonyDialect('header'),
};

/** Those that were asked for; bounded by the presets there are. */
const tagDialects = new Map<TagPreset, DialectFactory>();

/** The dialect a policy names or describes. The markers of one that is named are prepared once. */
export function dialectFor(input: ReasoningInput): DialectFactory {
  if (typeof input !== 'string') return tagDialect(input);
  return isTagPreset(input) ? presetDialect(input) : DIALECTS[input];
}

function presetDialect(preset: TagPreset): DialectFactory {
  let dialect = tagDialects.get(preset);
  if (dialect === undefined) {
    dialect = tagDialect(TAG_PRESETS[preset], preset);
    tagDialects.set(preset, dialect);
  }
  return dialect;
}
