import { expect } from '@jest/globals';
import { requestText } from '../../support/client/http-text.js';
import { FINISH, textEvent, usageEvent } from '../../support/upstream/chat-events.js';
import { completion, completionText, events, stream, usageOf } from './backends.js';
import {
  chat,
  headAlone,
  headersOf,
  post,
  streamedReply,
  USUAL_KEY,
  wholeReply,
} from './clients.js';
import { type ExchangeCase, unasked } from './exchange-case.js';

const TIME = expect.any(Number);
const STREAMED = {
  ...{ stream: true, first_token_ms: TIME, first_answer_ms: TIME },
  ...{ inter_token_p50_ms: TIME, inter_token_p99_ms: TIME },
};

/** The model thinks in the text of its answer. */
const THOUGHT = textEvent('<think>hm</think>') + textEvent('Hi');

/** No model is asked: bytes are handed over. */
const PLAIN = { requested_model: null, model: null, finish_reason: null };

/** Name of the case whose backend does not know `stream_options`. */
export const NO_STREAM_OPTIONS = 'a backend that refuses to be asked for usage';

/** Keeps the only place of its backend until the test lifts the barrier. */
export const HOLDER: ExchangeCase = {
  name: 'a completion that takes as long as all others',
  request: (id) => chat(id, { model: 'narrow' }),
  serve: async (turn, tokens, { clientSaw }) => {
    await clientSaw;
    await completion(turn, tokens);
  },
  receive: wholeReply,
  record: {
    ...{ requested_model: 'narrow', model: 'narrow', backend: 'narrow' },
    finish_reason: 'stop',
  },
  isMetered: true,
};

/** Exchanges that end well. */
export const ANSWERED: readonly ExchangeCase[] = [
  {
    name: 'a completion in JSON',
    request: (id) => chat(id, { model: 'm' }),
    serve: completion,
    receive: wholeReply,
    record: { finish_reason: 'stop' },
    isMetered: true,
  },
  {
    name: 'a stream whose client did not ask for usage',
    request: (id) => chat(id, { model: 'm', stream: true }),
    serve: stream,
    receive: streamedReply,
    // Three words, the finish and `[DONE]`: the usage that the gateway asked for is no part of it.
    record: { ...STREAMED, finish_reason: 'stop', bytes_out: 589 },
    isMetered: true,
  },
  {
    name: 'a stream whose client asked for usage',
    request: (id) =>
      chat(id, { model: 'm', stream: true, stream_options: { include_usage: true } }),
    serve: stream,
    receive: streamedReply,
    record: { ...STREAMED, finish_reason: 'stop' },
    isMetered: true,
  },
  {
    name: 'a stream with the usage beside the finish',
    request: (id) => chat(id, { model: 'm', stream: true }),
    serve: async (turn, tokens, barriers) => {
      const usage = `"finish_reason":"length"}],"usage":${JSON.stringify(usageOf(tokens))}}`;
      await events(
        turn,
        barriers,
        textEvent('One'),
        FINISH.replace('"finish_reason":"stop"}]}', usage),
      );
    },
    receive: streamedReply,
    record: { ...STREAMED, finish_reason: 'length' },
    isMetered: true,
  },
  {
    name: 'a stream whose reasoning is moved to a field',
    request: (id) => {
      const wanted = ['x-sluice-reasoning: reasoning_content', `Authorization: ${USUAL_KEY}`];
      return chat(id, { model: 'm', stream: true }, ...wanted);
    },
    serve: async (turn, tokens, barriers) => {
      await events(turn, barriers, THOUGHT, FINISH, usageEvent(usageOf(tokens)));
    },
    receive: streamedReply,
    record: { ...STREAMED, first_reasoning_ms: TIME, finish_reason: 'stop' },
    isMetered: true,
  },
  {
    name: 'a stream whose reasoning is stripped',
    request: (id) => {
      const wanted = ['x-sluice-reasoning: strip', `Authorization: Bearer ${USUAL_KEY}`];
      return chat(id, { model: 'm', stream: true }, ...wanted);
    },
    serve: async (turn, tokens, barriers) => {
      await events(turn, barriers, THOUGHT, FINISH, usageEvent(usageOf(tokens)));
    },
    receive: streamedReply,
    record: { ...STREAMED, first_reasoning_ms: TIME, finish_reason: 'stop' },
    isMetered: true,
  },
  {
    name: 'a legacy completion',
    request: post('/v1/completions', '{"model":"m","prompt":"hi"}'),
    serve: (turn, tokens) => {
      const choices = [{ index: 0, text: 'Hi', finish_reason: 'length' }];
      return turn.json(JSON.stringify({ choices, usage: usageOf(tokens) }));
    },
    receive: wholeReply,
    record: { path: '/v1/completions', endpoint: 'completions', finish_reason: 'length' },
    isMetered: true,
  },
  {
    name: 'embeddings',
    request: post('/v1/embeddings', '{"model":"m","input":"hi"}'),
    serve: (turn) => turn.json('{"data":[{"embedding":[0.5]}],"usage":{"prompt_tokens":8}}'),
    receive: wholeReply,
    record: {
      ...{ path: '/v1/embeddings', endpoint: 'embeddings' },
      ...{ prompt_tokens: 8, usage_source: 'reported' },
    },
    isMetered: false,
  },
  {
    name: 'an answer of the Responses API',
    request: post('/v1/responses', '{"model":"m","input":"hi"}'),
    serve: (turn) => turn.json('{"id":"r","usage":{"input_tokens":31,"output_tokens":5}}'),
    receive: wholeReply,
    record: {
      ...{ path: '/v1/responses', endpoint: 'responses' },
      ...{ prompt_tokens: 31, completion_tokens: 5, usage_source: 'reported' },
    },
    isMetered: false,
  },
  {
    name: 'a transcription of sound that streams through',
    request: (id) => {
      const type = 'Content-Type: multipart/form-data; boundary=x';
      const part = (name: string, value: string) =>
        `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
      const body = `${part('model', 'm')}${part('file', 'RIFF')}--x--\r\n`;
      const headers = [type, ...headersOf(id).slice(1)];
      return requestText('POST /v1/audio/transcriptions', { headers, body });
    },
    serve: (turn) =>
      turn.json('{"text":"hi","usage":{"type":"tokens","input_tokens":14,"output_tokens":45}}'),
    receive: wholeReply,
    record: {
      ...{ ...PLAIN, path: '/v1/audio/transcriptions', endpoint: 'audio' },
      ...{ prompt_tokens: 14, completion_tokens: 45, usage_source: 'reported' },
    },
    isMetered: false,
  },
  {
    name: 'a file that is asked for',
    request: (id) =>
      requestText('GET /v1/files/f?secret=sk-sentinel-of-the-query', { headers: headersOf(id) }),
    serve: (turn) => turn.json('{"id":"f"}'),
    receive: wholeReply,
    record: { ...PLAIN, method: 'GET', path: '/v1/files/f', endpoint: 'files', bytes_out: 10 },
    isMetered: false,
  },
  {
    name: 'the head of a file',
    request: (id) => requestText('HEAD /v1/files/f', { headers: headersOf(id) }),
    serve: (turn) =>
      turn.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n'),
    receive: headAlone,
    record: { ...PLAIN, method: 'HEAD', path: '/v1/files/f', endpoint: 'files', bytes_out: 0 },
    isMetered: false,
  },
  {
    name: 'the list of models, which the gateway makes',
    request: (id) => requestText('GET /v1/models', { headers: headersOf(id) }),
    serve: unasked,
    receive: wholeReply,
    record: {
      ...{ ...PLAIN, method: 'GET', path: '/v1/models', endpoint: 'models' },
      ...{ backend: null, attempts: 0 },
    },
    isMetered: false,
  },
  {
    name: 'a completion without usage, whose tokens are counted',
    request: (id) =>
      chat(id, { model: 'm', messages: [{ role: 'user', content: 'Count to three, please.' }] }),
    serve: (turn) => turn.json(completionText('Hello, world!')),
    receive: wholeReply,
    // Frame and role take seven; `Count to three, please.` six; `Hello, world!` four.
    record: {
      ...{ prompt_tokens: 13, completion_tokens: 4, usage_source: 'estimated' },
      finish_reason: 'stop',
    },
    isMetered: false,
  },
  {
    name: NO_STREAM_OPTIONS,
    request: (id) => chat(id, { model: 'strict', stream: true }),
    serve: async (turn, tokens, barriers) => {
      const isAsked = (await turn.body()).includes('stream_options');
      const refusal = '{"error":{"message":"unknown: stream_options"}}';
      if (isAsked) await turn.json(refusal, { status: '400 Bad Request' });
      else await stream(turn, tokens, barriers);
    },
    receive: streamedReply,
    record: {
      ...{ ...STREAMED, finish_reason: 'stop' },
      ...{ requested_model: 'strict', model: 'strict', backend: 'strict' },
      // Frame, role and `hi` take eight; `One two three` three.
      ...{ prompt_tokens: 8, completion_tokens: 3, usage_source: 'estimated' },
    },
    attempts: (asked) =>
      asked.map((backend, number) => {
        const isLast = number === asked.length - 1;
        return { backend, status: isLast ? 200 : 400, error_code: null };
      }),
    isMetered: false,
  },
];
