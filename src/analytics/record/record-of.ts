import { type Exchange } from '../../exchange/exchange.js';
import { askedModelOf } from '../../exchange/facts/asked-model.js';
import { type ExchangeFacts } from '../../exchange/facts/exchange-facts.js';
import { firstTokenMsOf } from '../../exchange/facts/first-token.js';
import { type TokenUsage, type UsageSource } from '../../exchange/facts/token-usage.js';
import { endpointOf } from '../../exchange/target/endpoint.js';
import { readTraceparent } from '../tracing/traceparent.js';
import { attemptLogOf } from './attempt-log.js';
import { boundedText } from './bounded-text.js';
import { type HeaderSource } from './client-key.js';
import { type ExchangeRecord } from './exchange-record.js';
import { tenths } from './tenths.js';

/** What is read of an exchange that has ended. */
export interface RecordedExchange
  extends
    HeaderSource,
    Pick<Exchange, 'id' | 'method' | 'path' | 'route' | 'outcome' | 'startedAtMs'> {
  readonly facts: ExchangeFacts;
}

/** What an exchange used, and who says so. */
export interface RecordedUsage {
  readonly tokens: TokenUsage;
  readonly source: UsageSource;
}

/** What a record says beyond what its exchange does. */
export interface RecordParts extends RecordedUsage {
  readonly recordId: string;
  /** ISO 8601 in UTC with milliseconds. */
  readonly startedAt: string;
  readonly tenant: string | null;
  readonly fingerprint: string | null;
  readonly costUsd: number | null;
  /** What was captured of the bodies; null where nothing was. */
  readonly request: string | null;
  readonly reply: string | null;
}

const MAX_METHOD_CHARS = 32;
const MAX_PATH_CHARS = 512;
const MAX_MODEL_CHARS = 256;
const MAX_REASON_CHARS = 64;

/** A rate over less time says more of the clock than of the model. */
const MIN_RATE_MS = 1;
const MS_PER_SECOND = 1000;

/** The record of an exchange that has ended, however it did. */
export function recordOf(exchange: RecordedExchange, parts: RecordParts): ExchangeRecord {
  const { facts, route } = exchange;
  const { tokens } = parts;
  const firstTokenMs = firstTokenMsOf(facts);
  return {
    record_id: parts.recordId,
    id: exchange.id,
    started_at: parts.startedAt,
    tenant: parts.tenant,
    key_fingerprint: parts.fingerprint,
    method: boundedText(exchange.method, MAX_METHOD_CHARS),
    path: boundedText(exchange.path, MAX_PATH_CHARS),
    endpoint: endpointOf(exchange.path),
    requested_model: boundedOrNull(facts.requestedModel, MAX_MODEL_CHARS),
    model: boundedOrNull(askedModelOf(exchange), MAX_MODEL_CHARS),
    backend: route?.backend.name ?? null,
    attempts: facts.attempts,
    attempt_log: attemptLogOf(facts, route),
    status: facts.status,
    outcome: exchange.outcome,
    error_code: facts.errorCode,
    phase: facts.endedIn,
    stream: facts.stream,
    headers_ms: tenths(facts.headersMs),
    first_token_ms: tenths(firstTokenMs),
    first_reasoning_ms: tenths(facts.firstReasoningMs),
    first_answer_ms: tenths(facts.firstAnswerMs),
    inter_token_p50_ms: tenths(facts.gaps?.quantileMs(0.5) ?? null),
    inter_token_p99_ms: tenths(facts.gaps?.quantileMs(0.99) ?? null),
    total_ms: tenths(facts.totalMs),
    tokens_per_second: tenths(tokensPerSecond(facts, firstTokenMs, tokens.completionTokens)),
    prompt_tokens: tokens.promptTokens,
    completion_tokens: tokens.completionTokens,
    reasoning_tokens: tokens.reasoningTokens,
    cached_tokens: tokens.cachedTokens,
    usage_source: parts.source,
    cost_usd: parts.costUsd,
    bytes_in: facts.bytesIn,
    bytes_out: facts.bytesOut,
    finish_reason: boundedOrNull(facts.finishReason, MAX_REASON_CHARS),
    traceparent: readTraceparent(exchange.header('traceparent')),
    request: parts.request,
    reply: parts.reply,
  };
}

/** Of a stream from its first token on; JSON comes all at once, so that the whole time counts. */
function tokensPerSecond(
  { stream, totalMs }: ExchangeFacts,
  firstTokenMs: number | null,
  tokens: number | null,
): number | null {
  const startMs = stream ? firstTokenMs : 0;
  if (tokens === null || totalMs === null || startMs === null) return null;
  const durationMs = totalMs - startMs;
  return durationMs < MIN_RATE_MS ? null : (tokens / durationMs) * MS_PER_SECOND;
}

function boundedOrNull(text: string | null, maxChars: number): string | null {
  return text === null ? null : boundedText(text, maxChars);
}
