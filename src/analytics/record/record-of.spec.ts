import { describe, expect, it } from '@jest/globals';
import { backend } from '../../../test/support/gateway/config.js';
import { type Exchange } from '../../exchange/exchange.js';
import { type ExchangeFacts } from '../../exchange/facts/exchange-facts.js';
import { TokenGaps } from '../../exchange/facts/token-gaps.js';
import { type TokenUsage } from '../../exchange/facts/token-usage.js';
import { type RecordedExchange, recordOf, type RecordParts } from './record-of.js';

const ROUTE: Exchange['route'] = {
  backend: backend('http://127.0.0.1:1', { name: 'local' }),
  model: 'gpt-oss-20b',
  reasoning: backend('http://127.0.0.1:1').reasoning,
  change: null,
};

const TOKENS: TokenUsage = {
  promptTokens: 100,
  completionTokens: 50,
  reasoningTokens: 20,
  cachedTokens: 10,
};

const NO_TOKENS: TokenUsage = {
  promptTokens: null,
  completionTokens: null,
  reasoningTokens: null,
  cachedTokens: null,
};

const PARTS: RecordParts = {
  recordId: 'instance-1',
  startedAt: '2026-01-02T03:04:05.678Z',
  tenant: 'search team',
  fingerprint: '3f1a9c0d27be',
  tokens: TOKENS,
  source: 'reported',
  costUsd: 0.5,
  request: null,
  reply: null,
};

/** What is noted of a request that was refused before anything was read of it. */
const REFUSED: ExchangeFacts = {
  requestedModel: null,
  stream: false,
  attempts: 0,
  attemptStartMs: null,
  status: 400,
  errorCode: 'bad_request',
  bytesIn: 0,
  bytesOut: 99,
  headersMs: null,
  firstByteMs: null,
  firstReasoningMs: null,
  firstAnswerMs: null,
  totalMs: 1.25,
  finishReason: null,
  rewritten: false,
  reasoningBlocks: null,
  unclosedBlocks: 0,
  droppedCalls: 0,
  usage: null,
  gaps: null,
  pastAttempts: null,
  endedIn: 'received',
};

const STREAMED: ExchangeFacts = {
  ...REFUSED,
  requestedModel: 'fast',
  stream: true,
  attempts: 1,
  attemptStartMs: 2,
  status: 200,
  errorCode: null,
  bytesIn: 256,
  bytesOut: 1024,
  headersMs: 10.12,
  firstByteMs: 11,
  firstReasoningMs: 20,
  firstAnswerMs: 60.449,
  totalMs: 120,
  finishReason: 'stop',
  endedIn: 'streaming',
};

interface Ending {
  readonly exchange?: Partial<Omit<RecordedExchange, 'facts'>>;
  readonly facts?: Partial<ExchangeFacts>;
  readonly headers?: Readonly<Record<string, string>>;
}

const streamed = ({ exchange, facts, headers = {} }: Ending = {}): RecordedExchange => ({
  id: 'request-1',
  method: 'POST',
  path: '/v1/chat/completions',
  route: ROUTE,
  outcome: 'completed',
  startedAtMs: 0,
  header: (name) => headers[name] ?? null,
  ...exchange,
  facts: { ...STREAMED, ...facts },
});

const recorded = (ending: Ending, parts: Partial<RecordParts> = {}) =>
  recordOf(streamed(ending), { ...PARTS, ...parts });

describe('the record', () => {
  it('of a request whose model was left as it is names that one', () => {
    expect(recorded({ exchange: { route: { ...ROUTE, model: null } } }).model).toBe('fast');
    expect(recorded({ exchange: { route: null } }).model).toBeNull();
  });

  it('of a completed stream says all there is', () => {
    expect(recorded({})).toEqual({
      record_id: 'instance-1',
      id: 'request-1',
      started_at: '2026-01-02T03:04:05.678Z',
      tenant: 'search team',
      key_fingerprint: '3f1a9c0d27be',
      method: 'POST',
      path: '/v1/chat/completions',
      endpoint: 'chat',
      requested_model: 'fast',
      model: 'gpt-oss-20b',
      backend: 'local',
      attempts: 1,
      attempt_log: [{ backend: 'local', status: 200, error_code: null, duration_ms: 118 }],
      status: 200,
      outcome: 'completed',
      error_code: null,
      phase: 'streaming',
      stream: true,
      headers_ms: 10.1,
      first_token_ms: 20,
      first_reasoning_ms: 20,
      first_answer_ms: 60.4,
      inter_token_p50_ms: null,
      inter_token_p99_ms: null,
      total_ms: 120,
      tokens_per_second: 500,
      prompt_tokens: 100,
      completion_tokens: 50,
      reasoning_tokens: 20,
      cached_tokens: 10,
      usage_source: 'reported',
      cost_usd: 0.5,
      bytes_in: 256,
      bytes_out: 1024,
      finish_reason: 'stop',
      traceparent: null,
      request: null,
      reply: null,
    });
  });

  it('of what was refused before a backend was chosen names none', () => {
    const refused = recorded(
      { exchange: { route: null, outcome: 'rejected' }, facts: REFUSED },
      { tokens: NO_TOKENS, source: 'none', costUsd: null },
    );
    expect(refused).toMatchObject({
      requested_model: null,
      model: null,
      backend: null,
      attempts: 0,
      attempt_log: [],
      status: 400,
      outcome: 'rejected',
      error_code: 'bad_request',
      phase: 'received',
      headers_ms: null,
      first_token_ms: null,
      total_ms: 1.3,
      tokens_per_second: null,
      prompt_tokens: null,
      usage_source: 'none',
      cost_usd: null,
    });
  });

  it.each(['connecting', 'awaiting-head'] as const)(
    'of a client that left while %s has an attempt without an answer',
    (endedIn) => {
      const left = recorded({
        exchange: { outcome: 'client_aborted' },
        facts: {
          status: null,
          headersMs: null,
          firstReasoningMs: null,
          firstAnswerMs: null,
          endedIn,
        },
      });
      expect(left).toMatchObject({
        outcome: 'client_aborted',
        phase: endedIn,
        status: null,
        attempt_log: [{ backend: 'local', status: null, error_code: null, duration_ms: 118 }],
      });
    },
  );

  it('of a client that left in the middle of a stream keeps what was seen', () => {
    const left = recorded({
      exchange: { outcome: 'client_aborted' },
      facts: { finishReason: null },
    });
    expect(left).toMatchObject({
      outcome: 'client_aborted',
      phase: 'streaming',
      status: 200,
      first_token_ms: 20,
      finish_reason: null,
      attempt_log: [{ backend: 'local', status: 200, error_code: null, duration_ms: 118 }],
    });
  });

  it('of a backend that could not be reached tells its own error from that of the attempt', () => {
    const failed = recorded({
      exchange: { outcome: 'upstream_failed' },
      facts: {
        status: 502,
        errorCode: 'upstream_unreachable',
        headersMs: null,
        pastAttempts: [
          { backend: 'local', status: null, errorCode: 'upstream_unreachable', durationMs: 3.14 },
        ],
        endedIn: 'connecting',
      },
    });
    expect(failed).toMatchObject({
      status: 502,
      attempt_log: [
        { backend: 'local', status: null, error_code: 'upstream_unreachable', duration_ms: 3.1 },
      ],
    });
  });

  it("of an attempt that Sluice itself broke off does not take its own status for the backend's", () => {
    const broken = recorded({
      exchange: { outcome: 'rejected' },
      facts: { status: 500, errorCode: 'internal_error', headersMs: null, endedIn: 'connecting' },
    });
    expect(broken.attempt_log).toEqual([
      { backend: 'local', status: null, error_code: 'internal_error', duration_ms: 118 },
    ]);
  });

  it('of a stream that the backend cut has the status of its head and the error of its end', () => {
    const cut = recorded({
      exchange: { outcome: 'upstream_failed' },
      facts: { errorCode: 'upstream_protocol' },
    });
    expect(cut.attempt_log).toEqual([
      { backend: 'local', status: 200, error_code: 'upstream_protocol', duration_ms: 118 },
    ]);
  });

  it('of a request that was repeated has every attempt in order', () => {
    const repeated = recorded({
      facts: {
        attempts: 3,
        attemptStartMs: 100,
        pastAttempts: [
          { backend: 'a', status: 503, errorCode: null, durationMs: 40.04 },
          { backend: 'b', status: null, errorCode: 'upstream_timeout', durationMs: 50 },
        ],
      },
    });
    expect(repeated.attempts).toBe(3);
    expect(repeated.attempt_log).toEqual([
      { backend: 'a', status: 503, error_code: null, duration_ms: 40 },
      { backend: 'b', status: null, error_code: 'upstream_timeout', duration_ms: 50 },
      { backend: 'local', status: 200, error_code: null, duration_ms: 20 },
    ]);
  });

  it('of another endpoint says which, and no more of an odd path than that', () => {
    const record = recorded({ exchange: { path: '/v1/embeddings', method: 'GET' } });
    expect(record).toMatchObject({ endpoint: 'embeddings', method: 'GET' });
    expect(recorded({ exchange: { path: '/odd' } }).endpoint).toBe('other');
  });

  it('takes the answer for the first token where no reasoning came before it', () => {
    expect(recorded({ facts: { firstReasoningMs: null } }).first_token_ms).toBe(60.4);
    expect(recorded({ facts: { firstReasoningMs: 70 } }).first_token_ms).toBe(60.4);
    expect(recorded({ facts: { firstAnswerMs: null } }).first_token_ms).toBe(20);
  });

  it('tells the gaps between tokens', () => {
    const gaps = new TokenGaps();
    for (let at = 0; at < 90; at++) gaps.note(10);
    for (let at = 0; at < 10; at++) gaps.note(1000);
    const { inter_token_p50_ms: p50, inter_token_p99_ms: p99 } = recorded({ facts: { gaps } });
    expect(p50).toBeGreaterThan(9);
    expect(p50).toBeLessThan(11);
    expect(p99).toBeGreaterThan(900);
    expect(p99).toBeLessThan(1100);
  });

  it.each<[string, Partial<ExchangeFacts>, TokenUsage, number | null]>([
    ['of a stream from its first token on', {}, TOKENS, 500],
    ['of JSON over all its time', { stream: false, firstReasoningMs: null }, TOKENS, 416.7],
    [
      'not of a stream without a token',
      { firstReasoningMs: null, firstAnswerMs: null },
      TOKENS,
      null,
    ],
    ['not over less than a millisecond', { totalMs: 20.9 }, TOKENS, null],
    ['over a millisecond', { totalMs: 21 }, TOKENS, 50_000],
    ['not where nobody counted', {}, NO_TOKENS, null],
  ])('tells the rate %s', (_which, facts, tokens, rate) => {
    expect(recorded({ facts }, { tokens }).tokens_per_second).toBe(rate);
  });

  it('cuts what clients and backends may make long, and takes control characters out', () => {
    const route = { ...ROUTE, model: 'm'.repeat(300) };
    const record = recorded({
      exchange: { route, path: `/${'p'.repeat(600)}`, method: 'X'.repeat(40) },
      facts: { requestedModel: `a\u0000b\ud800${'r'.repeat(300)}`, finishReason: 'f'.repeat(80) },
    });
    expect(record.model).toBe('m'.repeat(256));
    expect(record.path).toBe(`/${'p'.repeat(511)}`);
    expect(record.method).toBe('X'.repeat(32));
    expect(record.requested_model).toBe(`a\ufffdb\ufffd${'r'.repeat(252)}`);
    expect(record.finish_reason).toBe('f'.repeat(64));
  });

  it('keeps a duration or a rate beyond nine digits as the most that they hold', () => {
    const tokens = { ...TOKENS, completionTokens: 1e300 };
    const record = recorded({ facts: { totalMs: 172_800_000 } }, { tokens });
    expect([record.total_ms, record.tokens_per_second]).toEqual([99_999_999.9, 99_999_999.9]);
  });

  it('keeps the place in a trace only where it is valid', () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    expect(recorded({ headers: { traceparent } }).traceparent).toBe(traceparent);
    expect(recorded({ headers: { traceparent: 'sk-sentinel' } }).traceparent).toBeNull();
  });
});
