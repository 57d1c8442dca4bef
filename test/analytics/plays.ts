import { type ExchangeRecord } from '../../src/analytics/record/exchange-record.js';
import { requestText } from '../support/http-text.js';
import { type RawClient } from '../support/raw-client.js';
import { type UpstreamTurn } from '../support/scripted-upstream.js';

/** Tokens as the scripted backend says them. */
export interface Tokens {
  readonly prompt: number;
  readonly completion: number;
}

/** What the client got: body bytes without their framing. */
export interface Seen {
  readonly status: number | null;
  readonly bytes: number;
}

/** One kind of exchange: what each of the three sides does, and what the record has to say. */
export interface Play {
  readonly name: string;
  /** The request, the `x-request-id` in it. */
  readonly request: (id: string) => string;
  /** The scripted backend's part; never asked where the request does not get so far. */
  readonly serve: (turn: UpstreamTurn, tokens: Tokens) => Promise<void>;
  /** The client's part, after it sent the request. */
  readonly receive: (client: RawClient, reached: Promise<void>) => Promise<Seen>;
  /** Fields of the record that depend on nothing but the play. */
  readonly record: Partial<ExchangeRecord>;
  /** Whether the record says the backend's tokens. */
  readonly isMetered: boolean;
}

const KEY = 'Authorization: Bearer sk-sentinel-of-the-client';

function chat(id: string, fields: object): string {
  const body = JSON.stringify({ messages: [{ role: 'user', content: 'hi' }], ...fields });
  const headers = ['Content-Type: application/json', `x-request-id: ${id}`, KEY];
  return requestText('POST /v1/chat/completions', { headers, body });
}

function post(path: string): (id: string) => string {
  return (id) => {
    const headers = ['Content-Type: application/json', `x-request-id: ${id}`, KEY];
    return requestText(`POST ${path}`, { headers, body: '{"model":"m","input":"hi"}' });
  };
}

async function wholeReply(client: RawClient): Promise<Seen> {
  const { status, body } = await client.reply();
  return { status, bytes: body.length };
}

/** The bytes of a chunked body that breaks off. */
async function brokenReply(client: RawClient): Promise<Seen> {
  const { status } = await client.head();
  let bytes = 0;
  for (;;) {
    const chunk = await client.chunk();
    if (chunk === '') return { status, bytes };
    bytes += chunk.length;
  }
}

function delta(content: string): string {
  return `data: {"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"content":"${content}"},"finish_reason":null}]}\n\n`;
}

const FINISH =
  'data: {"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n';

function usageOf({ prompt, completion }: Tokens): object {
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: 1 },
    completion_tokens_details: { reasoning_tokens: 2 },
  };
}

async function stream(turn: UpstreamTurn, tokens: Tokens): Promise<void> {
  const isAsked = (await turn.body()).includes('"include_usage":true');
  await turn.beginStream();
  for (const word of ['One', ' two', ' three']) await turn.chunk(delta(word));
  await turn.chunk(FINISH);
  if (isAsked) {
    const usage = { id: 'c', model: 'm', choices: [], usage: usageOf(tokens) };
    await turn.chunk(`data: ${JSON.stringify(usage)}\n\n`);
  }
  await turn.chunk('data: [DONE]\n\n');
  await turn.endStream();
}

async function completion(turn: UpstreamTurn, tokens: Tokens): Promise<void> {
  const choices = [
    { index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' },
  ];
  await turn.json(JSON.stringify({ id: 'c', model: 'm', choices, usage: usageOf(tokens) }));
}

const unasked = (): Promise<void> => Promise.reject(new Error('no backend should have been asked'));

const COMPLETED = { outcome: 'completed', status: 200, error_code: null } as const;
const REACHED = { backend: 'one', model: 'm', requested_model: 'm' } as const;
const UNREACHED = { backend: null, model: null } as const;

export const PLAYS: readonly Play[] = [
  {
    name: 'a completion in JSON',
    request: (id) => chat(id, { model: 'm' }),
    serve: completion,
    receive: wholeReply,
    record: { ...COMPLETED, ...REACHED, endpoint: 'chat', stream: false, finish_reason: 'stop' },
    isMetered: true,
  },
  {
    name: 'a stream whose client did not ask for usage',
    request: (id) => chat(id, { model: 'm', stream: true }),
    serve: stream,
    receive: wholeReply,
    record: { ...COMPLETED, ...REACHED, endpoint: 'chat', stream: true, finish_reason: 'stop' },
    isMetered: true,
  },
  {
    name: 'a stream whose client asked for usage',
    request: (id) =>
      chat(id, { model: 'm', stream: true, stream_options: { include_usage: true } }),
    serve: stream,
    receive: wholeReply,
    record: { ...COMPLETED, ...REACHED, stream: true, finish_reason: 'stop' },
    isMetered: true,
  },
  {
    name: 'embeddings',
    request: post('/v1/embeddings'),
    serve: (turn, { prompt }) =>
      turn.json(`{"data":[{"embedding":[0.5]}],"usage":{"prompt_tokens":${prompt}}}`),
    receive: wholeReply,
    record: {
      ...COMPLETED,
      backend: 'one',
      endpoint: 'embeddings',
      completion_tokens: null,
      usage_source: 'reported',
    },
    isMetered: false,
  },
  {
    name: 'an answer of the Responses API',
    request: post('/v1/responses'),
    serve: (turn, { prompt, completion: output }) =>
      turn.json(`{"id":"r","usage":{"input_tokens":${prompt},"output_tokens":${output}}}`),
    receive: wholeReply,
    record: { ...COMPLETED, backend: 'one', endpoint: 'responses', usage_source: 'reported' },
    isMetered: false,
  },
  {
    name: 'an error of the backend',
    request: (id) => chat(id, { model: 'm' }),
    serve: (turn) => turn.json('{"error":{"message":"too long"}}', { status: '400 Bad Request' }),
    receive: wholeReply,
    record: { ...REACHED, outcome: 'completed', status: 400, usage_source: 'none' },
    isMetered: false,
  },
  {
    name: 'a backend that is busy, and another that is not',
    request: (id) => chat(id, { model: 'busy-first' }),
    serve: async (turn, tokens) => {
      if (turn.request.header('x-backend') === 'busy') {
        await turn.json('{"error":{}}', { status: '503 Service Unavailable' });
      } else {
        await completion(turn, tokens);
      }
    },
    receive: wholeReply,
    record: { ...COMPLETED, backend: 'idle', requested_model: 'busy-first' },
    isMetered: true,
  },
  {
    name: 'a stream that the backend cuts',
    request: (id) => chat(id, { model: 'm', stream: true }),
    serve: async (turn) => {
      await turn.beginStream();
      await turn.chunk(delta('One'));
      turn.reset();
    },
    receive: brokenReply,
    record: { ...REACHED, outcome: 'upstream_failed', status: 200, stream: true },
    isMetered: false,
  },
  {
    name: 'a client that leaves before the answer',
    request: (id) => chat(id, { model: 'm' }),
    serve: async (turn) => {
      await turn.body();
      await turn.closed();
    },
    receive: async (client, reached) => {
      await reached;
      client.reset();
      return { status: null, bytes: 0 };
    },
    record: { ...REACHED, outcome: 'client_aborted', phase: 'awaiting-head' },
    isMetered: false,
  },
  {
    name: 'a client that leaves in the middle of a stream',
    request: (id) => chat(id, { model: 'm', stream: true }),
    serve: async (turn) => {
      await turn.beginStream();
      await turn.chunk(delta('One'));
      await turn.closed();
    },
    receive: async (client) => {
      const { status } = await client.head();
      const bytes = (await client.chunk()).length;
      client.reset();
      return { status, bytes };
    },
    record: { ...REACHED, outcome: 'client_aborted', status: 200, phase: 'streaming' },
    isMetered: false,
  },
  {
    name: 'a request that is no JSON',
    request: (id) => {
      const headers = ['Content-Type: application/json', `x-request-id: ${id}`, KEY];
      return requestText('POST /v1/chat/completions', { headers, body: '{"model"' });
    },
    serve: unasked,
    receive: wholeReply,
    record: { ...UNREACHED, outcome: 'rejected', status: 400, error_code: 'invalid_json' },
    isMetered: false,
  },
  {
    name: 'a model that nobody serves',
    request: (id) => chat(id, { model: 'unheard-of' }),
    serve: unasked,
    receive: wholeReply,
    record: {
      ...UNREACHED,
      outcome: 'rejected',
      status: 404,
      error_code: 'model_not_found',
      requested_model: 'unheard-of',
    },
    isMetered: false,
  },
];
