import { beforeEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { backend } from '../../test/support/gateway/config.js';
import { TokenGaps } from '../exchange/facts/token-gaps.js';
import { type Route } from '../exchange/route.js';
import { type AnsweredExchange, TokenMetrics } from './token-metrics.js';

type Facts = AnsweredExchange['facts'];

const LOCAL = backend('http://127.0.0.1:1', { name: 'local' });

const routeTo = (model: string | null): Route => ({
  backend: LOCAL,
  model,
  reasoning: LOCAL.reasoning,
  change: null,
});

const USAGE = {
  prompt_tokens: 10,
  completion_tokens: 5,
  prompt_tokens_details: { cached_tokens: 4 },
  completion_tokens_details: { reasoning_tokens: 3 },
};

const ANSWERED: Facts = {
  status: 200,
  requestedModel: null,
  stream: true,
  usage: USAGE,
  firstReasoningMs: null,
  firstAnswerMs: 20,
  gaps: null,
};

const answered = (model: string | null, facts: Partial<Facts> = {}): AnsweredExchange => ({
  route: routeTo(model),
  usageLookup: null,
  facts: { ...ANSWERED, ...facts },
});

describe('TokenMetrics', () => {
  let registry: Registry;
  let metrics: TokenMetrics;

  beforeEach(() => {
    registry = new Registry();
    metrics = new TokenMetrics(registry);
  });

  async function linesOf(name: string): Promise<string[]> {
    const text = await registry.metrics();
    return text.split('\n').filter((line) => line.startsWith(`${name}{`));
  }

  it('adds up the tokens that were reported, by kind', async () => {
    metrics.finished(answered('m'));
    metrics.finished(answered('m'));
    metrics.finished(answered('m', { usage: null }));
    metrics.finished(answered(null));
    expect(await linesOf('sluice_tokens_total')).toEqual([
      'sluice_tokens_total{backend="local",model="m",kind="prompt"} 20',
      'sluice_tokens_total{backend="local",model="m",kind="completion"} 10',
      'sluice_tokens_total{backend="local",model="m",kind="reasoning"} 6',
      'sluice_tokens_total{backend="local",model="m",kind="cached"} 8',
      'sluice_tokens_total{backend="local",model="none",kind="prompt"} 10',
      'sluice_tokens_total{backend="local",model="none",kind="completion"} 5',
      'sluice_tokens_total{backend="local",model="none",kind="reasoning"} 3',
      'sluice_tokens_total{backend="local",model="none",kind="cached"} 4',
    ]);
  });

  it('counts usage that is found after the end', async () => {
    const exchange = answered('m', { usage: null });
    const facts = { ...exchange.facts };
    const usageLookup = Promise.resolve().then(() => {
      facts.usage = USAGE;
    });
    metrics.finished({ ...exchange, facts, usageLookup });
    await usageLookup;
    expect(await linesOf('sluice_tokens_total')).toContain(
      'sluice_tokens_total{backend="local",model="m",kind="prompt"} 10',
    );
  });

  it('measures the first token of streams, of reasoning or answer', async () => {
    metrics.finished(answered('m'));
    metrics.finished(answered('m', { firstReasoningMs: 4 }));
    metrics.finished(answered('m', { stream: false }));
    metrics.finished(answered('m', { firstAnswerMs: null }));
    expect(await linesOf('sluice_first_token_seconds_sum')).toEqual([
      'sluice_first_token_seconds_sum{backend="local",model="m"} 0.024',
    ]);
    expect(await linesOf('sluice_first_token_seconds_count')).toEqual([
      'sluice_first_token_seconds_count{backend="local",model="m"} 2',
    ]);
  });

  it('measures the median gap of each stream, from a millisecond on', async () => {
    const gaps = new TokenGaps();
    for (const gapMs of [1.5, 1.5, 400]) gaps.note(gapMs);
    metrics.finished(answered('m', { gaps }));
    metrics.finished(answered('m'));
    const lines = await linesOf('sluice_inter_token_seconds_bucket');
    expect(lines[0]).toBe(
      'sluice_inter_token_seconds_bucket{backend="local",model="m",le="0.001"} 0',
    );
    expect(lines[1]).toBe(
      'sluice_inter_token_seconds_bucket{backend="local",model="m",le="0.0025"} 1',
    );
    expect(lines.at(-1)).toBe(
      'sluice_inter_token_seconds_bucket{backend="local",model="m",le="+Inf"} 1',
    );
  });

  it('tells a hundred models apart, and all others as one', async () => {
    for (let model = 0; model < 300; model++) metrics.finished(answered(`m${model}`));
    metrics.finished(answered('m7'));
    metrics.finished(answered('x'.repeat(129)));
    const prompts = (await linesOf('sluice_tokens_total')).filter((line) =>
      line.includes('prompt'),
    );
    expect(prompts).toHaveLength(101);
    expect(prompts).toContain('sluice_tokens_total{backend="local",model="m7",kind="prompt"} 20');
    expect(prompts).toContain(
      'sluice_tokens_total{backend="local",model="other",kind="prompt"} 2010',
    );
    expect(await linesOf('sluice_first_token_seconds_count')).toHaveLength(101);
  });

  it('gives no label to a model whose request failed, however it is called', async () => {
    for (const status of [null, 199, 300, 404, 502]) {
      metrics.finished(answered('made-up', { status }));
    }
    metrics.finished({ ...answered('made-up'), route: null });
    expect(await linesOf('sluice_tokens_total')).toEqual([]);
    expect(await linesOf('sluice_first_token_seconds_count')).toEqual([]);
  });
});
