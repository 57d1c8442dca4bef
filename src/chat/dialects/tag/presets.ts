import { type ReasoningPreset } from '../../../config/typed/reasoning-presets.js';
import { TAG_DEFAULTS, type TagDialectConfig } from '../../../config/typed/tag-dialect.js';

const think = { ...TAG_DEFAULTS, open: '<think>', close: '</think>' } as const;
const thinkFromPrompt = { ...think, implicitOpen: true } as const;
const thinkOrToolCall = { ...think, toolOpen: ['<tool_call>'] } as const;

/** The presets that are no more than a pair of markers. */
export type TagPreset = Exclude<ReasoningPreset, 'auto' | 'none' | 'harmony'>;

/**
 * The notations of known models as tag dialects; names and markers are those of the models' own
 * documentation and chat templates.
 */
export const TAG_PRESETS = {
  think,
  // The chat template ends in `<think>`, so the model's text begins behind it.
  deepseek_r1: thinkFromPrompt,
  ernie45: thinkFromPrompt,
  olmo3: thinkFromPrompt,
  qwen3_thinking: { ...thinkOrToolCall, implicitOpen: true },
  // These may call a tool without closing the block first.
  qwen3: thinkOrToolCall,
  glm45: thinkOrToolCall,
  kimi_k2: { ...think, toolOpen: ['<|tool_calls_section_begin|>'] },
  kimi_k3: {
    ...TAG_DEFAULTS,
    open: '<|open|>think<|sep|>',
    close: '<|close|>think<|sep|>',
    implicitOpen: true,
    toolOpen: ['<|open|>tools<|sep|>'],
    contentOpen: ['<|open|>response<|sep|>'],
    contentClose: ['<|close|>response<|sep|>', '<|close|>message<|sep|>'],
  },
  kimi: { ...TAG_DEFAULTS, open: '◁think▷', close: '◁/think▷' },
  minimax_m2: { ...thinkFromPrompt, strayClose: 'drop' },
  // An answer without a thought may begin with the close marker.
  minimax_m3: {
    ...TAG_DEFAULTS,
    open: '<mm:think>',
    close: '</mm:think>',
    strayClose: 'drop',
  },
  magistral: { ...TAG_DEFAULTS, open: '[THINK]', close: '[/THINK]' },
  seed_oss: { ...TAG_DEFAULTS, open: '<seed:think>', close: '</seed:think>' },
  granite: {
    ...TAG_DEFAULTS,
    open: 'Here is my thought process:',
    close: 'Here is my response:',
  },
  granite33: { ...think, contentOpen: ['<response>'], contentClose: ['</response>'] },
  hunyuan_a13b: {
    ...TAG_DEFAULTS,
    open: '<think>\n',
    close: '\n</think>\n<answer>\n',
    contentClose: ['\n</answer>'],
  },
  // What Google's endpoint for clients of OpenAI makes of the thoughts of Gemini.
  gemini: { ...TAG_DEFAULTS, open: '<thought>', close: '</thought>' },
  gemma4: {
    ...TAG_DEFAULTS,
    open: '<|channel>',
    close: '<channel|>',
    openLabel: 'thought\n',
    scope: 'anywhere',
    strayClose: 'drop',
  },
  cohere: {
    ...TAG_DEFAULTS,
    open: '<|START_THINKING|>',
    close: '<|END_THINKING|>',
    contentOpen: ['<|START_RESPONSE|>', '<|START_TEXT|>'],
    contentClose: ['<|END_RESPONSE|>', '<|END_TEXT|>'],
  },
  openthinker: {
    ...TAG_DEFAULTS,
    open: '<|begin_of_thought|>',
    close: '<|end_of_thought|>',
    contentOpen: ['<|begin_of_solution|>'],
    contentClose: ['<|end_of_solution|>'],
  },
  apertus: {
    ...TAG_DEFAULTS,
    open: '<|inner_prefix|>',
    close: '<|inner_suffix|>',
    scope: 'anywhere',
  },
  longcat: {
    ...TAG_DEFAULTS,
    open: '<longcat_think>',
    close: '</longcat_think>',
    toolOpen: ['<longcat_tool_call>'],
  },
  // A message is a sequence of blocks, each of a kind, all ended alike.
  inkling: {
    ...TAG_DEFAULTS,
    open: '<|content_thinking|>',
    close: '<|end_message|>',
    scope: 'anywhere',
    contentOpen: ['<|message_model|>', '<|content_text|>'],
    contentClose: ['<|end_message|>', '<|content_model_end_sampling|>'],
  },
} as const satisfies Readonly<Record<TagPreset, TagDialectConfig>>;

/** Whether the preset is one of tags. */
export function isTagPreset(preset: ReasoningPreset): preset is TagPreset {
  return Object.hasOwn(TAG_PRESETS, preset);
}

/**
 * Those that `auto` knows: their open marker is told from any other at the start of a message. Each
 * more would hold back more beginnings of ordinary answers, so rarer models are named.
 */
export const AUTO_PRESETS = [
  'think',
  'kimi',
  'magistral',
  'seed_oss',
  'granite',
  'gemma4',
  'cohere',
  'openthinker',
  'apertus',
] as const satisfies readonly TagPreset[];
