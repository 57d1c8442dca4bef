import { expect } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { type ExchangeRecord } from '../../src/analytics/record/exchange-record.js';
import { type Exchange } from '../../src/exchange/exchange.js';
import { deferred, type Deferred } from '../support/time/deferred.js';
import { eventually } from '../support/time/eventually.js';
import { USUAL_FINGERPRINT } from './cases/clients.js';
import {
  type Barriers,
  eachWith,
  type ExpectedFields,
  type ExchangeCase,
  type Seen,
  type Tokens,
} from './cases/exchange-case.js';
import { gapsOf, rateOf, timeBetween } from './expected-times.js';

/** A case that is under way: who waits for what, and what each side has seen. */
export interface RunningCase {
  /** The `x-request-id`. */
  readonly id: string;
  readonly exchangeCase: ExchangeCase;
  readonly request: string;
  readonly tokens: Tokens;
  readonly barriers: Barriers;
  readonly started: Deferred<Exchange>;
  readonly reached: Deferred;
  /** Wall clock before the request was sent, in ms since 1970. */
  sentAtMs: number;
  /** Wall clock when the gateway told that the exchange had started. */
  knownAtMs: number;
  seen: Seen | null;
  /** The backends that were asked, in order. */
  readonly asked: string[];
}

/** @param number - decides the tokens that the backend tells */
export function runningCase(id: string, exchangeCase: ExchangeCase, number: number): RunningCase {
  const started = deferred<Exchange>();
  const reached = deferred();
  const clientSaw = deferred();
  const until = async (isSo: (exchange: Exchange) => boolean): Promise<void> => {
    const exchange = await started.promise;
    await eventually(() => setImmediate(exchange), isSo);
  };
  return {
    ...{ id, exchangeCase, started, reached, sentAtMs: NaN, knownAtMs: NaN, seen: null, asked: [] },
    request: exchangeCase.request(id),
    tokens: { prompt: 10 + number, completion: 3 + 7 * number },
    barriers: {
      started: started.promise.then(() => undefined),
      reached: reached.promise,
      connecting: () => until(({ phase }) => phase === 'connecting'),
      bodyRead: () => until(({ facts }) => facts.requestedModel !== null),
      clientSaw: clientSaw.promise,
      noteClientSaw: clientSaw.resolve,
    },
  };
}

const TIME = expect.any(Number);

/** Of a chat completion in JSON that tells nothing of its usage, asked for with the usual key. */
const USUAL: ExpectedFields = {
  tenant: 'the usual client',
  key_fingerprint: USUAL_FINGERPRINT,
  method: 'POST',
  path: '/v1/chat/completions',
  endpoint: 'chat',
  requested_model: 'm',
  model: 'm',
  backend: 'one',
  status: 200,
  outcome: 'completed',
  error_code: null,
  phase: 'streaming',
  stream: false,
  headers_ms: TIME,
  first_token_ms: null,
  first_reasoning_ms: null,
  first_answer_ms: null,
  inter_token_p50_ms: null,
  inter_token_p99_ms: null,
  total_ms: TIME,
  prompt_tokens: null,
  completion_tokens: null,
  reasoning_tokens: null,
  cached_tokens: null,
  usage_source: 'none',
  cost_usd: null,
  finish_reason: null,
  traceparent: null,
};

/**
 * What the record must be. Which of its times there are is known beforehand; how long they are, it
 * alone knows, but they have to fit each other.
 */
export function expectedRecord(running: RunningCase, record: ExchangeRecord): object {
  const { id, exchangeCase, tokens, seen, asked, request } = running;
  const attempts = (exchangeCase.attempts ?? eachWith({ status: 200, error_code: null }))(asked);
  const expected: ExpectedFields = {
    ...USUAL,
    id,
    record_id: record.record_id,
    started_at: timeBetween(running.sentAtMs, running.knownAtMs),
    tokens_per_second: rateOf(record),
    attempts: seen?.attempts ?? attempts.length,
    attempt_log: attempts.map((attempt) => ({ ...attempt, duration_ms: TIME })),
    bytes_in: request.length - request.indexOf('\r\n\r\n') - '\r\n\r\n'.length,
    bytes_out: seen?.bytes,
    ...(exchangeCase.isMetered ? metered(tokens) : {}),
    ...exchangeCase.record,
    ...(seen?.status == null ? {} : { status: seen.status }),
  };
  return { ...expected, ...(expected.inter_token_p50_ms === null ? {} : gapsOf(record)) };
}

function metered({ prompt, completion }: Tokens): ExpectedFields {
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    reasoning_tokens: 2,
    cached_tokens: 1,
    usage_source: 'reported',
  };
}
