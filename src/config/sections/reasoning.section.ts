import { nearest } from '../nearest.js';
import {
  FIELD_TREATMENTS,
  type FieldTreatment,
  HARMONY_CALLS,
  type HarmonyCalls,
  REASONING_HISTORY,
  REASONING_OUTPUTS,
  type ReasoningHistory,
  type ReasoningOutput,
} from '../typed/reasoning-policy.js';
import { REASONING_PRESETS, type ReasoningPreset } from '../typed/reasoning-presets.js';
import { OneOf, Text } from './checks.js';
import { Key, type Rule } from './key.js';
import { SectionOr } from './nested.js';
import { TagDialectSection } from './tag-dialect.section.js';

const isPreset = (name: string) => REASONING_PRESETS.some((preset) => preset === name);

const presetRule: Rule = (value) => {
  if (typeof value !== 'string') return "must be a preset's name or a tag dialect";
  return isPreset(value)
    ? null
    : `is no known preset; the nearest is "${nearest(value, REASONING_PRESETS) ?? ''}"`;
};

/** `reasoning`: a key that is left out is inherited. */
export class ReasoningSection {
  @Key(
    "The notation of the model's reasoning: a preset's name or a tag dialect. Default auto.",
    SectionOr(TagDialectSection, presetRule, { type: 'string', enum: [...REASONING_PRESETS] }),
  )
  input?: ReasoningPreset | TagDialectSection;

  @Key('Where clients find the reasoning. Default tags.', OneOf(REASONING_OUTPUTS))
  output?: ReasoningOutput;

  @Key('Marker before the reasoning where output is tags. Default <think>.', Text({ min: 1 }))
  open_tag?: string;

  @Key('Marker after the reasoning where output is tags. Default </think>.', Text({ min: 1 }))
  close_tag?: string;

  @Key(
    'Whether reasoning that already is in a field of its own is brought to output too. Default keep where output is tags, else rewrite.',
    OneOf(FIELD_TREATMENTS),
  )
  fields?: FieldTreatment;

  @Key(
    'What reasoning in earlier assistant messages of a request becomes before the backend sees it. Default keep.',
    OneOf(REASONING_HISTORY),
  )
  history?: ReasoningHistory;

  @Key(
    'What becomes of a tool call that a harmony model wrote as text. Default drop.',
    OneOf(HARMONY_CALLS),
  )
  harmony_calls?: HarmonyCalls;
}
