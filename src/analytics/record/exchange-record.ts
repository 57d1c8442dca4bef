import { type Outcome, type Phase } from '../../exchange/facts/exchange-facts.js';
import { type UsageSource } from '../../exchange/facts/token-usage.js';
import { type Endpoint } from '../../exchange/target/endpoint.js';

/**
 * What is kept of one exchange. The names are those of the columns, of the read API and of exports.
 * Durations in milliseconds from the start, with one decimal; null is what nobody knows.
 */
export interface ExchangeRecord {
  /** Unlike that of any other record: a second write of it changes nothing. */
  readonly record_id: string;
  /** The `x-request-id`, which a client may choose. */
  readonly id: string;
  /** ISO 8601 in UTC with milliseconds. */
  readonly started_at: string;
  readonly tenant: string | null;
  /** First 12 hexadecimal digits of the SHA-256 of the client's key; null without one. */
  readonly key_fingerprint: string | null;
  readonly method: string;
  /** Without the query, which may hold a key. */
  readonly path: string;
  readonly endpoint: Endpoint;
  readonly requested_model: string | null;
  /** The model the backend was asked for. */
  readonly model: string | null;
  readonly backend: string | null;
  readonly attempts: number;
  /** Each attempt in order, the last of them the one whose answer the client got, if any. */
  readonly attempt_log: readonly AttemptRecord[];
  readonly status: number | null;
  readonly outcome: Outcome | null;
  readonly error_code: string | null;
  /** Where it ended. */
  readonly phase: Phase | null;
  readonly stream: boolean;
  readonly headers_ms: number | null;
  /** To the first token of reasoning or answer. */
  readonly first_token_ms: number | null;
  readonly first_reasoning_ms: number | null;
  readonly first_answer_ms: number | null;
  /** Between two deliveries of a stream. */
  readonly inter_token_p50_ms: number | null;
  readonly inter_token_p99_ms: number | null;
  readonly total_ms: number | null;
  readonly tokens_per_second: number | null;
  readonly prompt_tokens: number | null;
  readonly completion_tokens: number | null;
  readonly reasoning_tokens: number | null;
  readonly cached_tokens: number | null;
  readonly usage_source: UsageSource;
  /** Null where the price of the model or the tokens are unknown. */
  readonly cost_usd: number | null;
  readonly bytes_in: number;
  readonly bytes_out: number;
  readonly finish_reason: string | null;
  /** The client's `traceparent` (W3C Trace Context); null without a valid one. */
  readonly traceparent: string | null;
  /** The captured request; null where none was kept. */
  readonly request: string | null;
  /** The captured reply, a stream as the message it amounts to; null where none was kept. */
  readonly reply: string | null;
}

/** One attempt at a backend, as a record tells it; null is what nobody knows. */
export interface AttemptRecord {
  readonly backend: string;
  readonly status: number | null;
  readonly error_code: string | null;
  readonly duration_ms: number | null;
}
