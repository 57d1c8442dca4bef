import { describe, expect, it } from '@jest/globals';
import { type PriceConfig } from '../../config/typed/analytics-config.js';
import { type TokenUsage } from '../../exchange/facts/token-usage.js';
import { type Endpoint } from '../../exchange/target/endpoint.js';
import { costUsd, PriceTable } from './cost.js';

const PRICE: PriceConfig = { model: 'gpt-4o*', input: 2.5, cachedInput: 1.25, output: 10 };

const usage = (tokens: Partial<TokenUsage>): TokenUsage => ({
  promptTokens: 1000,
  completionTokens: 100,
  reasoningTokens: null,
  cachedTokens: null,
  ...tokens,
});

describe('costUsd', () => {
  it.each<[string, PriceConfig | null, TokenUsage, number | null]>([
    ['of request and reply', PRICE, usage({}), 0.0035],
    ['with what was cached at its own price', PRICE, usage({ cachedTokens: 600 }), 0.00275],
    [
      'with what was cached at the price of input',
      { ...PRICE, cachedInput: null },
      usage({ cachedTokens: 600 }),
      0.0035,
    ],
    [
      'with cached tokens for nothing',
      { ...PRICE, cachedInput: 0 },
      usage({ cachedTokens: 600 }),
      0.002,
    ],
    ['with no more cached than there were', PRICE, usage({ cachedTokens: 5000 }), 0.00225],
    ['of a free model', { ...PRICE, input: 0, cachedInput: null, output: 0 }, usage({}), 0],
    [
      'without the noise of binary fractions',
      { ...PRICE, input: 0.1, output: 0.2 },
      usage({ promptTokens: 1, completionTokens: 1 }),
      3e-7,
    ],
    [
      'to a billionth',
      { ...PRICE, input: 0.15, output: 0.6 },
      usage({ promptTokens: 7, completionTokens: 3 }),
      0.00000285,
    ],
    ['of an unknown model', null, usage({}), null],
    ['of an unknown request', PRICE, usage({ promptTokens: null }), null],
    ['of an unknown reply', PRICE, usage({ completionTokens: null }), null],
  ])('tells the cost %s', (_what, price, tokens, cost) => {
    expect(costUsd(price, tokens, 'chat')).toBe(cost);
  });

  it.each<[Endpoint, number | null]>([
    ['embeddings', 0.0025],
    ['rerank', 0.0025],
    ['moderations', 0.0025],
    ['tokenize', 0.0025],
    ['messages', null],
    ['responses', null],
    ['completions', null],
    ['audio', null],
    ['images', null],
    ['other', null],
  ])('is that of the request where no completion is told at %s: %p', (endpoint, cost) => {
    const tokens = usage({ completionTokens: null });
    expect(costUsd(PRICE, tokens, endpoint)).toBe(cost);
  });
});

describe('a price table', () => {
  const any: PriceConfig = { model: 'gpt-*', input: 1, cachedInput: null, output: 1 };
  const table = new PriceTable([any, PRICE]);

  it('has the price of the glob that says most of a name, whatever their order', () => {
    expect(table.priceOf('gpt-4o-mini', null)).toBe(PRICE);
    expect(table.priceOf('gpt-5', null)).toBe(any);
    expect(table.priceOf('gpt-4o-mini', null)).toBe(PRICE);
  });

  it('asks for the requested model where the other has no price', () => {
    expect(table.priceOf('llama', 'gpt-4o')).toBe(PRICE);
    expect(table.priceOf('gpt-5', 'gpt-4o')).toBe(any);
    expect(table.priceOf(null, 'gpt-4o')).toBe(PRICE);
    expect(table.priceOf('llama', 'llama')).toBeNull();
    expect(table.priceOf(null, null)).toBeNull();
  });
});
