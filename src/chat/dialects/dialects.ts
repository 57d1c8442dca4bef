import { type ReasoningInput } from '../../config/reasoning-policy.js';
import { autoDialect } from './auto.js';
import { type DialectFactory } from './dialect.js';
import { harmonyDialect } from './harmony.js';
import { createPlainDialect } from './plain.js';
import { TAG_PRESETS } from './presets.js';
import { tagDialect } from './tag.js';

/** Every name that `reasoning.input` may have. A new dialect is a new entry here. */
export const DIALECTS: ReadonlyMap<string, DialectFactory> = new Map([
  ['none', createPlainDialect],
  ['auto', autoDialect()],
  ['harmony', harmonyDialect('header')],
  ...Object.entries(TAG_PRESETS).map(([name, preset]) => [name, tagDialect(preset, name)] as const),
]);

/**
 * The dialect a policy names or describes.
 *
 * @throws RangeError for a name that is in no table; the configuration refuses it before.
 */
export function dialectFor(input: ReasoningInput): DialectFactory {
  if (typeof input !== 'string') return tagDialect(input);
  const dialect = DIALECTS.get(input);
  if (dialect === undefined) throw new RangeError(`no reasoning preset is called "${input}"`);
  return dialect;
}
