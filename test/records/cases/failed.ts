import { expect } from '@jest/globals';
import { textEvent } from '../../support/upstream/chat-events.js';
import { completion } from './backends.js';
import { chat, cutReply, streamedReply, wholeReply } from './clients.js';
import { eachWith, type ExchangeCase, unasked } from './exchange-case.js';

const HALF = '{"choices":[{"index":0,"message":{"role":"assistant","content":"half';

const namedBy = (name: string) => ({ requested_model: name, model: name, backend: name });

/** What is estimated of `hi`, and of a word that came. */
const ONE_WORD = { prompt_tokens: 8, completion_tokens: 1, usage_source: 'estimated' };

/** Exchanges in which a backend fails. */
export const FAILED: readonly ExchangeCase[] = [
  {
    name: 'an error of the backend',
    request: (id) => chat(id, { model: 'm' }),
    serve: (turn) => turn.json('{"error":{"message":"too long"}}', { status: '400 Bad Request' }),
    receive: wholeReply,
    record: { status: 400 },
    attempts: eachWith({ status: 400, error_code: null }),
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
    record: {
      ...{ requested_model: 'busy-first', model: 'busy-first', backend: 'idle' },
      finish_reason: 'stop',
    },
    attempts: (asked) =>
      asked.map((backend) => ({
        backend,
        status: backend === 'busy' ? 503 : 200,
        error_code: null,
      })),
    isMetered: true,
  },
  {
    name: 'a backend that refuses the connection',
    request: (id) => chat(id, { model: 'refusing' }),
    serve: unasked,
    receive: wholeReply,
    record: {
      ...{ ...namedBy('refusing'), phase: 'connecting', headers_ms: null },
      ...{ outcome: 'upstream_failed', status: 502, error_code: 'upstream_unreachable' },
      attempts: 3,
    },
    attempts: () =>
      eachWith({ status: null, error_code: 'upstream_unreachable' })(Array(3).fill('refusing')),
    isMetered: false,
  },
  {
    name: 'a backend that resets the connection before its answer',
    request: (id) => chat(id, { model: 'resetting' }),
    serve: async (turn) => {
      await turn.body();
      turn.reset();
    },
    receive: wholeReply,
    record: {
      ...{ ...namedBy('resetting'), phase: 'awaiting-head', headers_ms: null },
      ...{ outcome: 'upstream_failed', status: 502, error_code: 'upstream_protocol' },
    },
    attempts: eachWith({ status: null, error_code: 'upstream_protocol' }),
    isMetered: false,
  },
  {
    name: 'a backend that does not answer in time',
    request: (id) => chat(id, { model: 'silent' }),
    serve: async (turn) => {
      await turn.closed();
    },
    receive: wholeReply,
    record: {
      ...{ ...namedBy('silent'), phase: 'awaiting-head', headers_ms: null },
      ...{ outcome: 'upstream_failed', status: 504, error_code: 'upstream_timeout' },
    },
    attempts: eachWith({ status: null, error_code: 'upstream_timeout' }),
    isMetered: false,
  },
  {
    name: 'a stream that the backend cuts',
    request: (id) => chat(id, { model: 'm', stream: true }),
    serve: async (turn) => {
      await turn.beginStream();
      await turn.chunk(textEvent('One'));
      turn.reset();
    },
    receive: streamedReply,
    record: {
      ...{ outcome: 'upstream_failed', error_code: 'upstream_protocol', stream: true },
      ...{ first_token_ms: expect.any(Number), first_answer_ms: expect.any(Number) },
      ...ONE_WORD,
    },
    attempts: eachWith({ status: 200, error_code: 'upstream_protocol' }),
    isMetered: false,
  },
  {
    name: 'a completion in JSON that the backend cuts',
    request: (id) => chat(id, { model: 'm' }),
    serve: async (turn, _tokens, { clientSaw }) => {
      await turn.body();
      const head = 'Content-Type: application/json\r\nContent-Length: 1000';
      await turn.write(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n${HALF}`);
      await clientSaw;
      turn.reset();
    },
    receive: cutReply(HALF),
    record: {
      ...{ outcome: 'upstream_failed', error_code: 'upstream_protocol', bytes_out: 68 },
      ...ONE_WORD,
    },
    attempts: eachWith({ status: 200, error_code: 'upstream_protocol' }),
    isMetered: false,
  },
];
