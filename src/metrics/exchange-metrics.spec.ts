import { beforeEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { type CountedFacts, type CountedExchange } from './counted-exchange.js';
import { ExchangeMetrics } from './exchange-metrics.js';

const COMPLETED: CountedFacts = {
  status: 200,
  bytesIn: 20,
  bytesOut: 3000,
  headersMs: 20,
  firstByteMs: 21,
  totalMs: 30,
  rewritten: true,
};

describe('ExchangeMetrics', () => {
  let registry: Registry;
  let metrics: ExchangeMetrics;

  beforeEach(() => {
    registry = new Registry();
    metrics = new ExchangeMetrics(registry);
  });

  it('counts exchanges by endpoint, status and outcome', async () => {
    metrics.finished(exchange({}));
    metrics.finished(exchange({}));
    metrics.finished(exchange({ outcome: 'upstream_failed' }, { status: 502 }));
    expect(await linesOf('sluice_requests_total')).toEqual([
      'sluice_requests_total{backend="none",endpoint="chat",status="200",outcome="completed"} 2',
      'sluice_requests_total{backend="none",endpoint="chat",status="502",outcome="upstream_failed"} 1',
    ]);
  });

  it('adds up bytes and rewritten exchanges', async () => {
    metrics.finished(exchange({}));
    metrics.finished(exchange({}, { rewritten: false }));
    expect(await linesOf('sluice_request_bytes_total')).toEqual([
      'sluice_request_bytes_total{backend="none",endpoint="chat"} 40',
    ]);
    expect(await linesOf('sluice_reply_bytes_total')).toEqual([
      'sluice_reply_bytes_total{backend="none",endpoint="chat"} 6000',
    ]);
    expect(await linesOf('sluice_rewritten_total')).toEqual([
      'sluice_rewritten_total{backend="none",endpoint="chat"} 1',
    ]);
  });

  it('measures durations in seconds, and only those that were seen', async () => {
    metrics.finished(exchange({}, { headersMs: null, firstByteMs: null }));
    expect(await linesOf('sluice_request_duration_seconds_sum')).toEqual([
      'sluice_request_duration_seconds_sum{backend="none",endpoint="chat"} 0.03',
    ]);
    expect(await linesOf('sluice_headers_seconds_count')).toEqual([
      'sluice_headers_seconds_count{backend="none",endpoint="chat"} 0',
    ]);
  });

  it('tells clients that left before the reply from those that left during it', async () => {
    metrics.finished(exchange({ outcome: 'client_aborted' }, { status: null, firstByteMs: null }));
    metrics.finished(exchange({ outcome: 'client_aborted' }));
    metrics.finished(exchange({ outcome: 'client_aborted' }));
    expect(await linesOf('sluice_client_aborts_total')).toEqual([
      'sluice_client_aborts_total{phase="before_reply"} 1',
      'sluice_client_aborts_total{phase="during_reply"} 2',
    ]);
  });

  it('keeps the number of series bounded whatever paths and statuses come', async () => {
    for (let i = 0; i < 2000; i += 1) {
      metrics.finished(exchange({ path: `/v1/made-up-${i}` }, { status: 700 + (i % 300) }));
    }
    expect(await linesOf('sluice_requests_total')).toEqual([
      'sluice_requests_total{backend="none",endpoint="other",status="other",outcome="completed"} 2000',
    ]);
  });

  async function linesOf(name: string): Promise<string[]> {
    const text = await registry.metrics();
    return text.split('\n').filter((line) => line.startsWith(`${name}{`));
  }
});

function exchange(
  overrides: Partial<CountedExchange>,
  facts: Partial<CountedFacts> = {},
): CountedExchange {
  return {
    path: '/v1/chat/completions',
    route: null,
    outcome: 'completed',
    facts: { ...COMPLETED, ...facts },
    ...overrides,
  };
}
