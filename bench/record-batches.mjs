import { batchOf } from '../dist/analytics/delivery/line-batch.js';

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
  const isStream = random() < 0.7;
  const completionTokens = Math.ceil(around(random, 250, 1.2));
  const isReasoning = random() < 0.5;
  const { headersMs, firstTokenMs, totalMs } = timesOf(random, isStream, completionTokens);
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
    stream: isStream,
    headers_ms: headersMs,
    first_token_ms: firstTokenMs,
    first_reasoning_ms: null,
    first_answer_ms: firstTokenMs,
    inter_token_p50_ms: isStream ? tenths(around(random, 12, 0.5)) : null,
    inter_token_p99_ms: isStream ? tenths(around(random, 60, 0.7)) : null,
    total_ms: totalMs,
    tokens_per_second: tenths((completionTokens / (totalMs - (firstTokenMs ?? 0))) * 1_000),
    prompt_tokens: Math.ceil(around(random, 900, 1.4)),
    completion_tokens: completionTokens,
    reasoning_tokens: isReasoning ? Math.floor(completionTokens * random()) : null,
    cached_tokens: 0,
    usage_source: 'reported',
    cost_usd: random() < 0.8 ? completionTokens * 1e-5 : null,
    bytes_in: Math.ceil(around(random, 4_000, 1.4)),
    bytes_out: completionTokens * (isStream ? 150 : 4) + 600,
    finish_reason: 'stop',
    traceparent: null,
    request: null,
    reply: null,
  };
}

/**
 * Times spread over four orders of magnitude, and few of them are the same: a stream begins soon,
 * where a JSON reply comes when all of it is there.
 */
function timesOf(random, isStream, completionTokens) {
  const waitMs = around(random, 120, 0.8);
  const firstTokenMs = waitMs + around(random, 250, 1);
  const totalMs = firstTokenMs + (completionTokens / around(random, 60, 0.5)) * 1_000;
  return {
    headersMs: tenths(isStream ? waitMs : totalMs - 0.2),
    firstTokenMs: isStream ? tenths(firstTokenMs) : null,
    totalMs: tenths(totalMs + 0.1),
  };
}

/** Of a log-normal distribution, which is how latencies and sizes are spread. */
function around(random, median, sigma) {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return median * Math.exp(sigma * normal);
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
