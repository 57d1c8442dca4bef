/** The notations of reasoning that are known by a name, in the order suggestions prefer. */
export const REASONING_PRESETS = [
  'auto',
  'none',
  'harmony',
  'think',
  'deepseek_r1',
  'ernie45',
  'olmo3',
  'qwen3_thinking',
  'qwen3',
  'glm45',
  'kimi_k2',
  'kimi',
  'minimax_m2',
  'magistral',
  'seed_oss',
  'granite',
  'hunyuan_a13b',
  'gemma4',
  'cohere',
  'openthinker',
  'apertus',
] as const;

export type ReasoningPreset = (typeof REASONING_PRESETS)[number];
