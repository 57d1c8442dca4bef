import { type ReasoningSection } from '../sections/reasoning.section.js';
import { type TagDialectSection } from '../sections/tag-dialect.section.js';
import { type ReasoningInput, type ReasoningPolicy } from '../typed/reasoning-policy.js';
import { type ReasoningPreset } from '../typed/reasoning-presets.js';
import { TAG_DEFAULTS } from '../typed/tag-dialect.js';

/** What a `reasoning` object says; a key it leaves out is absent. */
export type ReasoningLayer = Partial<ReasoningPolicy>;

/** Reads a `reasoning` object of the file. */
export function toReasoningLayer(section: ReasoningSection): ReasoningLayer {
  return {
    ...(section.input !== undefined && { input: toInput(section.input) }),
    ...(section.output !== undefined && { output: section.output }),
    ...(section.open_tag !== undefined && { openTag: section.open_tag }),
    ...(section.close_tag !== undefined && { closeTag: section.close_tag }),
    ...(section.fields !== undefined && { fields: section.fields }),
    ...(section.history !== undefined && { history: section.history }),
    ...(section.harmony_calls !== undefined && { harmonyCalls: section.harmony_calls }),
  };
}

/** Merges layers, weakest first, key by key, over the defaults. */
export function mergeReasoning(...layers: readonly ReasoningLayer[]): ReasoningPolicy {
  const merged = layers.reduce((weaker, stronger) => ({ ...weaker, ...stronger }), {});
  const { input = 'auto', output = 'tags', openTag = '<think>', closeTag = '</think>' } = merged;
  const { fields = null, history = 'keep', harmonyCalls = 'drop' } = merged;
  return { input, output, openTag, closeTag, fields, history, harmonyCalls };
}

/** Strips what is between two markers, wherever they are, and not a space more. */
export function stripBetween(tags: {
  readonly open: string;
  readonly close: string;
}): ReasoningLayer {
  const input = { ...TAG_DEFAULTS, scope: 'anywhere', trim: 'none', ...tags } as const;
  return { input, output: 'strip' };
}

function toInput(input: ReasoningPreset | TagDialectSection): ReasoningInput {
  if (typeof input === 'string') return input;
  return {
    open: input.open,
    close: input.close,
    implicitOpen: input.implicit_open,
    scope: input.scope,
    trim: input.trim,
    toolOpen: input.tool_open,
    strayClose: input.stray_close,
    openLabel: input.open_label,
    contentOpen: input.content_open,
    contentClose: input.content_close,
    join: input.join,
  };
}
