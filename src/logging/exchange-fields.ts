import { type Exchange } from '../exchange/exchange.js';
import { askedModelOf } from '../exchange/facts/asked-model.js';
import { type ExchangeFacts } from '../exchange/facts/exchange-facts.js';

/** What is logged of the facts. */
export type LoggedFacts = Pick<
  ExchangeFacts,
  | 'requestedModel'
  | 'stream'
  | 'attempts'
  | 'status'
  | 'errorCode'
  | 'bytesIn'
  | 'bytesOut'
  | 'headersMs'
  | 'firstByteMs'
  | 'firstReasoningMs'
  | 'firstAnswerMs'
  | 'totalMs'
  | 'finishReason'
  | 'rewritten'
>;

/** What is read of an exchange that has ended. */
export interface LoggedExchange extends Pick<
  Exchange,
  'id' | 'method' | 'path' | 'route' | 'outcome'
> {
  readonly facts: LoggedFacts;
}

/** The one line that is kept of an exchange. Durations in milliseconds from its start. */
export interface ExchangeFields {
  readonly id: string;
  readonly method: string;
  /** Without the query, which may hold a key. */
  readonly path: string;
  readonly backend: string | null;
  /** The model the backend was asked for. */
  readonly model: string | null;
  readonly requested_model: string | null;
  readonly status: number | null;
  readonly outcome: string | null;
  readonly error_code: string | null;
  readonly stream: boolean;
  readonly headers_ms: number | null;
  readonly first_byte_ms: number | null;
  readonly total_ms: number | null;
  readonly bytes_in: number;
  readonly bytes_out: number;
  readonly attempts: number;
}

/** Picks the fields of a finished exchange. No header and no byte of a body is among them. */
export function exchangeFields({
  id,
  method,
  path,
  route,
  outcome,
  facts,
}: LoggedExchange): ExchangeFields {
  return {
    id,
    method,
    path,
    backend: route?.backend.name ?? null,
    model: askedModelOf({ route, facts }),
    requested_model: facts.requestedModel,
    status: facts.status,
    outcome,
    error_code: facts.errorCode,
    stream: facts.stream,
    headers_ms: tenths(facts.headersMs),
    first_byte_ms: tenths(facts.firstByteMs),
    total_ms: tenths(facts.totalMs),
    bytes_in: facts.bytesIn,
    bytes_out: facts.bytesOut,
    attempts: facts.attempts,
  };
}

/** What is added when debugging. */
export function exchangeDetails({ facts }: LoggedExchange): object {
  return {
    rewritten: facts.rewritten,
    finish_reason: facts.finishReason,
    first_reasoning_ms: tenths(facts.firstReasoningMs),
    first_answer_ms: tenths(facts.firstAnswerMs),
  };
}

function tenths(durationMs: number | null): number | null {
  return durationMs === null ? null : Math.round(durationMs * 10) / 10;
}
