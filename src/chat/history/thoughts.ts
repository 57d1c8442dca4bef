import { type ReasoningInput, type ReasoningPolicy } from '../../config/typed/reasoning-policy.js';
import { TAG_DEFAULTS, type TagDialectConfig } from '../../config/typed/tag-dialect.js';
import { type DialectFactory } from '../dialects/dialect.js';
import { dialectFor } from '../dialects/dialects.js';
import { isTagPreset, TAG_PRESETS } from '../dialects/tag/presets.js';
import { tagDialect } from '../dialects/tag/tag.js';
import { type TagPair, type Thoughts, thoughtsIn } from '../dialects/thoughts-in.js';

/**
 * Reads an earlier message by the tags that a client was given, else by the backend's notation.
 *
 * @returns null where the text holds no reasoning
 */
export function readThoughts(text: string, policy: ReasoningPolicy): Thoughts | null {
  if (text === '') return null;
  return (
    thoughtsIn(text, writtenDialect(text, policy), policy) ??
    thoughtsIn(text, inputDialect(text, policy), policy)
  );
}

/**
 * The dialect of the tags that Sluice writes. Where the backend's notation may hold several blocks,
 * so may a message that was made of it; but an open tag that nothing closes is then prose.
 */
function writtenDialect(
  text: string,
  { input, openTag, closeTag }: TagPair & { readonly input: ReasoningInput },
): DialectFactory {
  const isClosed = text.lastIndexOf(openTag) < text.lastIndexOf(closeTag);
  const isSeveral = input === 'harmony' || tagConfigOf(input)?.scope === 'anywhere';
  return tagDialect({
    ...TAG_DEFAULTS,
    open: openTag,
    close: closeTag,
    scope: isSeveral && isClosed ? 'anywhere' : 'leading',
  });
}

/**
 * The dialect of the backend. A message that begins inside a block is only taken for one where the
 * block ends: what a client sends back may be the answer alone.
 */
function inputDialect(text: string, { input }: { readonly input: ReasoningInput }): DialectFactory {
  const config = tagConfigOf(input);
  if (config === null || !config.implicitOpen || text.includes(config.close)) {
    return dialectFor(input);
  }
  return tagDialect({
    ...config,
    implicitOpen: false,
    open: config.open === '' ? config.close : config.open,
  });
}

/** The markers of a notation; null where it is no tag dialect. */
function tagConfigOf(input: ReasoningInput): TagDialectConfig | null {
  if (typeof input !== 'string') return input;
  return isTagPreset(input) ? TAG_PRESETS[input] : null;
}
