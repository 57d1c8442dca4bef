import { batchOf } from '../dist/analytics/delivery/sealed-batch.js';

const PER_BATCH = 1_000;
const START_MS = Date.parse('2026-01-01T00:00:00Z');
const PERIOD_MS = 30 * 86_400_000;

/**
 * Records of made-up exchanges of a month, in the batches that a sink would get.
 * @param {number} count a multiple of 1,000
 * @returns {Generator<import('../dist/analytics/sinks/sink.js').RecordBatch>}
 */
export function* recordBatches(count) {
  const random = seeded(1);
  for (let first = 0; first < count; first += PER_BATCH) {
    const records = Array.from({ length: PER_BATCH }, (_, index) =>
      recordOf(first + index, count, random),
    );
    yield batchOf(records);
  }
}

function recordOf(index, count, random) {
  const headersMs = tenths(5 + 200 * random() ** 4);
  const firstTokenMs = tenths(headersMs + 400 * random() ** 3);
  const totalMs = tenths(firstTokenMs + 20_000 * random() ** 5);
  const completionTokens = Math.ceil(2_000 * random() ** 3);
  const isFailure = random() < 0.02;
  const id = `${index.toString(16).padStart(8, '0')}-${Math.floor(random() * 2 ** 32).toString(16)}`;
  const model = `model-${Math.floor(12 * random() ** 2)}`;
  const status = isFailure ? 502 : 200;
  const backend = `backend-${index % 4}`;
  return {
    record_id: `${id}-0000-4000-8000-000000000000`,
    id: `${id}-1111-4111-8111-111111111111`,
    started_at: new Date(START_MS + (index / count) * PERIOD_MS).toISOString(),
    tenant: `team-${Math.floor(200 * random() ** 2)}`,
    key_fingerprint: '3f1a9c0d27be',
    method: 'POST',
    path: '/v1/chat/completions',
    endpoint: 'chat',
    requested_model: model,
    model,
    backend,
    attempts: 1,
    attempt_log: [{ backend, status, error_code: null, duration_ms: totalMs }],
    status,
    outcome: isFailure ? 'upstream_failed' : 'completed',
    error_code: isFailure ? 'upstream_closed' : null,
    phase: 'finished',
    stream: random() < 0.7,
    headers_ms: headersMs,
    first_token_ms: firstTokenMs,
    first_reasoning_ms: null,
    first_answer_ms: firstTokenMs,
    inter_token_p50_ms: tenths(5 + 10 * random()),
    inter_token_p99_ms: tenths(20 + 100 * random()),
    total_ms: totalMs,
    tokens_per_second: tenths(20 + 100 * random()),
    prompt_tokens: Math.ceil(8_000 * random() ** 3),
    completion_tokens: completionTokens,
    reasoning_tokens: random() < 0.5 ? Math.floor(completionTokens / 2) : null,
    cached_tokens: 0,
    usage_source: 'reported',
    cost_usd: random() < 0.8 ? completionTokens * 1e-5 : null,
    bytes_in: Math.ceil(30_000 * random() ** 3),
    bytes_out: completionTokens * 150,
    finish_reason: 'stop',
    traceparent: null,
    request: null,
    reply: null,
  };
}

/** Records have one decimal. */
function tenths(ms) {
  return Math.round(ms * 10) / 10;
}

/** Mulberry32: the same numbers in every run. */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
