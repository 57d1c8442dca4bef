import { beforeEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { ReasoningMetrics } from './reasoning-metrics.js';

const NOTHING = { reasoningBlocks: null, unclosedBlocks: 0, droppedCalls: 0 };

describe('ReasoningMetrics', () => {
  let registry: Registry;
  let metrics: ReasoningMetrics;

  beforeEach(() => {
    registry = new Registry();
    metrics = new ReasoningMetrics(registry);
  });

  it('counts blocks by dialect', async () => {
    const reasoningBlocks = new Map([['think', 1]]);
    metrics.finished({ facts: { ...NOTHING, reasoningBlocks } });
    metrics.finished({ facts: { ...NOTHING, reasoningBlocks: new Map([['harmony', 3]]) } });
    metrics.finished({ facts: { ...NOTHING, reasoningBlocks } });
    const text = await registry.metrics();
    expect(text).toContain('sluice_reasoning_blocks_total{dialect="think"} 2\n');
    expect(text).toContain('sluice_reasoning_blocks_total{dialect="harmony"} 3\n');
  });

  it('counts blocks without an end and calls that were dropped', async () => {
    metrics.finished({ facts: { ...NOTHING, unclosedBlocks: 1, droppedCalls: 2 } });
    metrics.finished({ facts: { ...NOTHING, unclosedBlocks: 1 } });
    const text = await registry.metrics();
    expect(text).toContain('sluice_reasoning_unclosed_total 2\n');
    expect(text).toContain('sluice_reasoning_calls_dropped_total 2\n');
  });

  it('shows zero before anything was met', async () => {
    metrics.finished({ facts: NOTHING });
    expect(await registry.metrics()).toContain('sluice_reasoning_unclosed_total 0\n');
  });
});
