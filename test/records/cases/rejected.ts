import { requestText } from '../../support/client/http-text.js';
import { chat, headersOf, post, wholeReply } from './clients.js';
import { type ExchangeCase, unasked, UNREACHED } from './exchange-case.js';

const REJECTED = { ...UNREACHED, outcome: 'rejected' } as const;

/** More than `limits.body_bytes` of the gateway under test. */
const TOO_MANY_BYTES = 100_000;

/** Exchanges that the gateway refuses. */
export const REJECTED_CASES: readonly ExchangeCase[] = [
  {
    name: 'a request that is no JSON',
    request: post('/v1/chat/completions', '{"model"'),
    serve: unasked,
    receive: wholeReply,
    record: { ...REJECTED, requested_model: null, status: 400, error_code: 'invalid_json' },
    isMetered: false,
  },
  {
    name: 'a model that nobody serves',
    request: (id) => chat(id, { model: 'unheard-of' }),
    serve: unasked,
    receive: wholeReply,
    record: {
      ...{ ...REJECTED, requested_model: 'unheard-of' },
      ...{ status: 404, error_code: 'model_not_found' },
    },
    isMetered: false,
  },
  {
    name: 'a body that is too large',
    request: (id) => {
      const headers = [...headersOf(id), `Content-Length: ${TOO_MANY_BYTES}`];
      return requestText('POST /v1/chat/completions', { headers });
    },
    serve: unasked,
    receive: wholeReply,
    record: { ...REJECTED, requested_model: null, status: 413, error_code: 'body_too_large' },
    isMetered: false,
  },
  {
    name: 'a body that does not come',
    request: (id) => chat(id, { model: 'm' }).slice(0, -5),
    serve: unasked,
    receive: wholeReply,
    record: { ...REJECTED, requested_model: null, status: 408, error_code: 'request_timeout' },
    isMetered: false,
  },
  {
    name: 'a method that nobody answers',
    request: (id) => requestText('TRACE /v1/models', { headers: headersOf(id) }),
    serve: unasked,
    receive: wholeReply,
    record: {
      ...{ ...REJECTED, method: 'TRACE', path: '/v1/models', endpoint: 'models' },
      ...{ phase: 'received', requested_model: null },
      ...{ status: 405, error_code: 'method_not_allowed' },
    },
    isMetered: false,
  },
];
