import { type ReasoningPreset } from './reasoning-presets.js';
import { type TagDialectConfig } from './tag-dialect.js';

/** Where a client wants to find the model's reasoning. */
export const REASONING_OUTPUTS = [
  'keep',
  'strip',
  'tags',
  'reasoning_content',
  'reasoning',
  'both',
] as const;
export type ReasoningOutput = (typeof REASONING_OUTPUTS)[number];

/** Whether reasoning that already is in a field of its own is brought to the output too. */
export const FIELD_TREATMENTS = ['keep', 'rewrite'] as const;
export type FieldTreatment = (typeof FIELD_TREATMENTS)[number];

/** What reasoning in earlier assistant messages of a request becomes before the backend sees it. */
export const REASONING_HISTORY = [
  'keep',
  'strip',
  'tags',
  'reasoning_content',
  'reasoning',
] as const;
export type ReasoningHistory = (typeof REASONING_HISTORY)[number];

/** What becomes of a tool call that a harmony model wrote as text. */
export const HARMONY_CALLS = ['drop', 'tool_calls'] as const;
export type HarmonyCalls = (typeof HARMONY_CALLS)[number];

/** The notation of the reasoning a backend emits: a preset's name, or a tag dialect of one's own. */
export type ReasoningInput = ReasoningPreset | TagDialectConfig;

/** How reasoning is read of replies, and how it is given to clients. */
export interface ReasoningPolicy {
  readonly input: ReasoningInput;
  readonly output: ReasoningOutput;
  /** Markers written by the `tags` output. */
  readonly openTag: string;
  readonly closeTag: string;
  /** Null follows the output: `keep` where it is `tags`, else `rewrite`. */
  readonly fields: FieldTreatment | null;
  readonly history: ReasoningHistory;
  readonly harmonyCalls: HarmonyCalls;
}
