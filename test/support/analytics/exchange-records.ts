import { randomUUID } from 'node:crypto';
import { batchOf } from '../../../src/analytics/delivery/line-batch.js';
import { type ExchangeRecord } from '../../../src/analytics/record/exchange-record.js';
import { type RecordBatch } from '../../../src/analytics/sinks/sink.js';

/** A record of a completed chat; what matters to a test is given. */
export function recordWith(given: Partial<ExchangeRecord> = {}): ExchangeRecord {
  return {
    record_id: randomUUID(),
    id: 'req-1',
    started_at: '2026-01-31T10:20:30.456Z',
    tenant: 'search team',
    key_fingerprint: '3f1a9c0d27be',
    method: 'POST',
    path: '/v1/chat/completions',
    endpoint: 'chat',
    requested_model: 'fast',
    model: 'gpt-oss-20b',
    backend: 'local',
    attempts: 2,
    attempt_log: [
      { backend: 'broken', status: null, error_code: 'upstream_unreachable', duration_ms: 3.5 },
      { backend: 'local', status: 200, error_code: null, duration_ms: 812.5 },
    ],
    status: 200,
    outcome: 'completed',
    error_code: null,
    phase: 'finished',
    stream: true,
    headers_ms: 20.5,
    first_token_ms: 40.1,
    first_reasoning_ms: 40.1,
    first_answer_ms: 300,
    inter_token_p50_ms: 8.2,
    inter_token_p99_ms: 31.7,
    total_ms: 812.6,
    tokens_per_second: 77.7,
    prompt_tokens: 120,
    completion_tokens: 60,
    reasoning_tokens: 20,
    cached_tokens: 0,
    usage_source: 'reported',
    cost_usd: 0.000325,
    bytes_in: 512,
    bytes_out: 9000,
    finish_reason: 'stop',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    request: null,
    reply: null,
    ...given,
  };
}

/** With everything null that may be. */
export function unknownRecord(given: Partial<ExchangeRecord> = {}): ExchangeRecord {
  return {
    ...recordWith(),
    tenant: null,
    key_fingerprint: null,
    requested_model: null,
    model: null,
    backend: null,
    attempt_log: [],
    status: null,
    outcome: null,
    error_code: null,
    phase: null,
    headers_ms: null,
    first_token_ms: null,
    first_reasoning_ms: null,
    first_answer_ms: null,
    inter_token_p50_ms: null,
    inter_token_p99_ms: null,
    total_ms: null,
    tokens_per_second: null,
    prompt_tokens: null,
    completion_tokens: null,
    reasoning_tokens: null,
    cached_tokens: null,
    cost_usd: null,
    finish_reason: null,
    traceparent: null,
    ...given,
  };
}

export const recordBatch = batchOf;

/** A batch whose text is all that matters. */
export function textBatch(text: string): RecordBatch {
  const jsonLines = Buffer.from(text);
  return { count: 1, jsonLines, started: null, records: () => [] };
}
