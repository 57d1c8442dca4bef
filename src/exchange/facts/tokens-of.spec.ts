import { describe, expect, it } from '@jest/globals';
import { tellingUsage, tokensOf } from './tokens-of.js';

const NOTHING = {
  promptTokens: null,
  completionTokens: null,
  reasoningTokens: null,
  cachedTokens: null,
};

describe('tokensOf', () => {
  it('reads the usage of a chat completion with its details', () => {
    expect(
      tokensOf({
        prompt_tokens: 100,
        completion_tokens: 50,
        total_tokens: 150,
        prompt_tokens_details: { cached_tokens: 64, audio_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 32 },
      }),
    ).toEqual({ promptTokens: 100, completionTokens: 50, reasoningTokens: 32, cachedTokens: 64 });
  });

  it('reads the usage of the Responses API', () => {
    expect(
      tokensOf({
        input_tokens: 36,
        input_tokens_details: { cached_tokens: 8 },
        output_tokens: 87,
        output_tokens_details: { reasoning_tokens: 21 },
        total_tokens: 123,
      }),
    ).toEqual({ promptTokens: 36, completionTokens: 87, reasoningTokens: 21, cachedTokens: 8 });
  });

  it("adds what Anthropic's Messages read from or wrote to the cache", () => {
    expect(
      tokensOf({
        input_tokens: 10,
        cache_read_input_tokens: 200,
        cache_creation_input_tokens: 30,
        output_tokens: 5,
      }),
    ).toEqual({ ...NOTHING, promptTokens: 240, completionTokens: 5, cachedTokens: 200 });
  });

  it('takes the cache hits of DeepSeek as part of the prompt', () => {
    expect(
      tokensOf({
        prompt_tokens: 100,
        prompt_cache_hit_tokens: 60,
        prompt_cache_miss_tokens: 40,
        completion_tokens: 7,
      }),
    ).toEqual({ ...NOTHING, promptTokens: 100, completionTokens: 7, cachedTokens: 60 });
  });

  it('adds reasoning that the total shows to be left out of the completion', () => {
    const reported = {
      prompt_tokens: 10,
      completion_tokens: 5,
      completion_tokens_details: { reasoning_tokens: 100 },
    };
    expect(tokensOf({ ...reported, total_tokens: 115 }).completionTokens).toBe(105);
    expect(tokensOf({ ...reported, total_tokens: 15 }).completionTokens).toBe(5);
  });

  it('takes the total of a reply without tokens of its own for the prompt', () => {
    expect(tokensOf({ total_tokens: 15 })).toEqual({ ...NOTHING, promptTokens: 15 });
    expect(tokensOf({ prompt_tokens: 8, total_tokens: 8 })).toEqual({
      ...NOTHING,
      promptTokens: 8,
    });
  });

  it.each([-1, 1.5, NaN, Infinity, '12', null, true, {}, 2 ** 53])(
    'takes %p for no count',
    (count) => {
      expect(
        tokensOf({
          prompt_tokens: count,
          completion_tokens: count,
          prompt_tokens_details: { cached_tokens: count },
          completion_tokens_details: count,
        }),
      ).toEqual(NOTHING);
    },
  );
});

describe('tellingUsage', () => {
  it.each([
    { prompt_tokens: 1 },
    { completion_tokens: 0 },
    { input_tokens: 1, output_tokens: '2' },
    { total_tokens: 3 },
  ])('is %j itself', (usage) => {
    expect(tellingUsage(usage)).toBe(usage);
  });

  it.each([
    null,
    undefined,
    'usage',
    [],
    {},
    { prompt_tokens: '1', completion_tokens: 1.5 },
    { completion_tokens_details: { reasoning_tokens: 1 } },
    { type: 'duration', seconds: 9 },
  ])('is nothing for %j', (usage) => {
    expect(tellingUsage(usage)).toBeNull();
  });
});
