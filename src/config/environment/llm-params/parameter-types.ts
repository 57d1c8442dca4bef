/** What a parameter's value is; one that is not known is text. A loose one is what it looks like. */
export type ParameterType = 'number' | 'integer' | 'boolean' | 'loose' | 'text';

// OpenAI's chat and legacy completions, and what vLLM, SGLang, llama.cpp and Ollama add to them.
const NUMBERS = [
  ...['temperature', 'top_p', 'min_p', 'top_a', 'typical_p', 'tfs_z', 'epsilon_cutoff'],
  ...['eta_cutoff', 'presence_penalty', 'frequency_penalty', 'repetition_penalty'],
  ...['repeat_penalty', 'length_penalty', 'dynatemp_range', 'dynatemp_exponent'],
  ...['smoothing_factor', 'xtc_probability', 'xtc_threshold', 'dry_multiplier', 'dry_base'],
  ...['mirostat_tau', 'mirostat_eta', 'top_n_sigma'],
];

const INTEGERS = [
  ...['top_k', 'max_tokens', 'max_completion_tokens', 'min_tokens', 'n', 'seed', 'best_of'],
  ...['top_logprobs', 'prompt_logprobs', 'n_predict', 'num_predict', 'num_ctx', 'n_keep'],
  ...['num_keep', 'n_probs', 'min_keep', 'repeat_last_n', 'mirostat', 'dry_allowed_length'],
  ...['dry_penalty_last_n', 'truncate_prompt_tokens', 'thinking_budget', 'reasoning_budget'],
  ...['priority', 't_max_predict_ms'],
];

const BOOLEANS = [
  ...['stream', 'echo', 'store', 'parallel_tool_calls', 'ignore_eos'],
  ...['use_beam_search', 'skip_special_tokens', 'include_reasoning'],
  ...['spaces_between_special_tokens', 'include_stop_str_in_output', 'add_generation_prompt'],
  ...['continue_final_message', 'add_special_tokens', 'cache_prompt', 'separate_reasoning'],
  ...['stream_reasoning', 'enable_thinking', 'return_progress', 'timings_per_token'],
];

// A boolean for one server or endpoint, a number or a word for another.
const LOOSE = ['logprobs', 'early_stopping', 'think'];

const TYPES: ReadonlyMap<string, ParameterType> = new Map([
  ...NUMBERS.map((name) => [name, 'number'] as const),
  ...INTEGERS.map((name) => [name, 'integer'] as const),
  ...BOOLEANS.map((name) => [name, 'boolean'] as const),
  ...LOOSE.map((name) => [name, 'loose'] as const),
]);

/** A value of a parameter, or what it must be. */
export type TypedValue =
  | { readonly kind: 'value'; readonly value: string | number | boolean | null }
  | { readonly kind: 'fault'; readonly problem: string };

/** Gives a text the type of its parameter; `null` is null whatever the parameter. */
export function typedValue(name: string, text: string): TypedValue {
  const word = text.trim();
  if (word === 'null') return { kind: 'value', value: null };
  const type = TYPES.get(name) ?? 'text';
  switch (type) {
    case 'number':
      return numberOf(word);
    case 'integer':
      return integerOf(word);
    case 'boolean':
      return booleanOf(word);
    case 'loose':
      return looselyOf(word, text);
    case 'text':
      return { kind: 'value', value: text };
    default: {
      const exhaustiveCheck: never = type;
      return exhaustiveCheck;
    }
  }
}

function numberOf(word: string): TypedValue {
  const value = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(word) ? Number(word) : NaN;
  return Number.isFinite(value) ? { kind: 'value', value } : mustBe('a number or null');
}

function integerOf(word: string): TypedValue {
  const value = /^[+-]?\d+$/.test(word) ? Number(word) : NaN;
  return Number.isSafeInteger(value) ? { kind: 'value', value } : mustBe('a whole number or null');
}

/** `true` or `false`, in any letter case. */
export function booleanOf(word: string): TypedValue {
  switch (word.toLowerCase()) {
    case 'true':
      return { kind: 'value', value: true };
    case 'false':
      return { kind: 'value', value: false };
    default:
      return mustBe('true or false');
  }
}

function looselyOf(word: string, text: string): TypedValue {
  const typed = [booleanOf(word), integerOf(word)].find(({ kind }) => kind === 'value');
  return typed ?? { kind: 'value', value: text };
}

function mustBe(what: string): TypedValue {
  return { kind: 'fault', problem: `must be ${what}` };
}
