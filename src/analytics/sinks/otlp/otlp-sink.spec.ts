import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { recordBatch, recordWith } from '../../../../test/support/analytics/exchange-records.js';
import { attributesOf, OtlpCollector } from '../../../../test/support/analytics/otlp-collector.js';
import { Secret } from '../../../config/secret.js';
import { traceOf } from '../../tracing/trace-context.js';
import { type Sink } from '../sink.js';
import { createOtlpSink } from './otlp-sink.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';

describe('the otlp sink', () => {
  let collector: OtlpCollector;
  let sink: Sink;

  beforeEach(async () => {
    collector = await OtlpCollector.start();
    const headers = [['authorization', new Secret('Bearer collector-key')]] as const;
    sink = createOtlpSink({ kind: 'otlp', url: collector.url, headers }, 'otlp');
    await sink.open();
  });

  afterEach(async () => {
    await sink.close();
    await collector.stop();
  });

  it('sends an exchange as a span below that of its client', async () => {
    const record = recordWith({
      id: 'req-1',
      started_at: '2026-11-20T10:00:00.500Z',
      total_ms: 1250,
      endpoint: 'chat',
      requested_model: 'fast',
      model: 'gpt-oss-20b',
      backend: 'local',
      status: 200,
      outcome: 'completed',
      error_code: null,
      prompt_tokens: 12,
      completion_tokens: 34,
      reasoning_tokens: 5,
      cached_tokens: 2,
      finish_reason: 'stop',
      traceparent: `00-${TRACE}-${PARENT}-01`,
    });
    await sink.write(recordBatch([record]));
    const [span] = collector.spans();
    const startedAtMs = Date.parse(record.started_at);
    const { spanId } = traceOf({ id: 'req-1', startedAtMs, traceparent: record.traceparent });
    expect(span).toMatchObject({
      name: 'chat fast',
      kind: 2,
      traceId: TRACE,
      spanId,
      parentSpanId: PARENT,
      startTimeUnixNano: '1795168800500000000',
      endTimeUnixNano: '1795168801750000000',
    });
    expect(attributesOf(span)).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'fast',
      'sluice.model': 'gpt-oss-20b',
      'gen_ai.usage.input_tokens': 12,
      'gen_ai.usage.output_tokens': 34,
      'gen_ai.usage.reasoning.output_tokens': 5,
      'gen_ai.usage.cache_read.input_tokens': 2,
      'http.response.status_code': 200,
      'sluice.backend': 'local',
    });
    // What the reply named is in no record.
    expect(attributesOf(span)).not.toHaveProperty(['gen_ai.response.model']);
    expect(collector.received[0]?.authorization).toBe('Bearer collector-key');
  });

  it('tells whose API was spoken, where it was one of a model', async () => {
    const endpoints = ['responses', 'messages', 'files'] as const;
    await sink.write(recordBatch(endpoints.map((endpoint) => recordWith({ endpoint }))));
    const providers = collector.spans().map((span) => attributesOf(span)['gen_ai.provider.name']);
    expect(providers).toEqual(['openai', 'anthropic', undefined]);
  });

  it('shows each attempt where it began', async () => {
    const attempt = { backend: 'local', status: null, error_code: null };
    const record = recordWith({
      started_at: '2026-11-20T10:00:00.500Z',
      attempt_log: [
        { ...attempt, duration_ms: 3.5 },
        { ...attempt, duration_ms: null },
        { ...attempt, duration_ms: 100 },
        { ...attempt, duration_ms: 7 },
      ],
    });
    await sink.write(recordBatch([record]));
    expect(collector.spans()[0]?.events?.map(({ timeUnixNano }) => timeUnixNano)).toEqual([
      '1795168800500000000',
      '1795168800503500000',
      '1795168800503500000',
      '1795168800603500000',
    ]);
  });

  it('tells a failed exchange by the status of its span and the type of its error', async () => {
    const failed = { outcome: 'upstream_failed', error_code: 'upstream_timeout' } as const;
    await sink.write(recordBatch([recordWith(failed)]));
    const [span] = collector.spans();
    expect(span).toMatchObject({ status: { code: 2, message: 'upstream_timeout' } });
    expect(attributesOf(span)['error.type']).toBe('upstream_timeout');
  });

  it('keeps no span of a trace that its client does not want kept', async () => {
    await sink.write(recordBatch([recordWith({ traceparent: `00-${TRACE}-${PARENT}-00` })]));
    expect(collector.spans()).toEqual([]);
  });

  it('sends the metrics of the conventions, an exchange counted once', async () => {
    const record = recordWith({ endpoint: 'chat', prompt_tokens: 12, completion_tokens: 34 });
    collector.status = 400;
    await expect(sink.write(recordBatch([record]))).rejects.toThrow();
    collector.status = 200;
    await sink.write(recordBatch([record]));
    const usage = collector.metrics().find(({ name }) => name === 'gen_ai.client.token.usage');
    expect(usage?.histogram.dataPoints.map(({ count, sum }) => [count, sum])).toEqual([
      [1, 12],
      [1, 34],
    ]);
  });

  it('offers the same span again when the collector refused it', async () => {
    collector.status = 400;
    const batch = recordBatch([recordWith({ id: 'again' })]);
    await expect(sink.write(batch)).rejects.toThrow();
    collector.status = 200;
    await sink.write(batch);
    const [first, second] = collector.spans();
    expect(second?.spanId).toBe(first?.spanId);
  });
});
