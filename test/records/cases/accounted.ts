import { completion, completionText } from './backends.js';
import { chat, OTHER_FINGERPRINT, OTHER_KEY, USUAL_KEY, wholeReply } from './clients.js';
import { type ExchangeCase } from './exchange-case.js';

const COUNTED = {
  prompt_tokens: 1000,
  completion_tokens: 10,
  prompt_tokens_details: { cached_tokens: 200 },
};

const asking = (
  ...headers: readonly string[]
): Pick<ExchangeCase, 'request' | 'serve' | 'receive'> => ({
  request: (id) => chat(id, { model: 'm' }, ...headers),
  serve: completion,
  receive: wholeReply,
});

/** Exchanges of which somebody has to pay. */
export const ACCOUNTED: readonly ExchangeCase[] = [
  {
    name: 'a model that has a price',
    request: (id) => chat(id, { model: 'priced-1' }),
    serve: (turn) => turn.json(completionText('Hi', COUNTED)),
    receive: wholeReply,
    record: {
      ...{ requested_model: 'priced-1', model: 'priced-1', finish_reason: 'stop' },
      ...{ prompt_tokens: 1000, completion_tokens: 10, cached_tokens: 200 },
      // 800 × 2, 200 × 1 and 10 × 10 millionths.
      ...{ usage_source: 'reported', cost_usd: 0.0019 },
    },
    isMetered: false,
  },
  {
    ...asking(`Authorization: Bearer ${USUAL_KEY}`, 'OpenAI-Project: the project'),
    name: 'a header that names the tenant, before the name of the key',
    record: { tenant: 'the project', finish_reason: 'stop' },
    isMetered: true,
  },
  {
    ...asking(`Authorization: bearer ${OTHER_KEY}`),
    name: 'a key that has no name',
    record: {
      ...{ tenant: OTHER_FINGERPRINT, key_fingerprint: OTHER_FINGERPRINT },
      finish_reason: 'stop',
    },
    isMetered: true,
  },
  {
    ...asking(`x-api-key: ${USUAL_KEY}`),
    name: 'a key in another header',
    record: { finish_reason: 'stop' },
    isMetered: true,
  },
  {
    ...asking('Accept: */*'),
    name: 'a client without a key',
    record: { tenant: null, key_fingerprint: null, finish_reason: 'stop' },
    isMetered: true,
  },
  {
    ...asking(
      'traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      `Authorization: Bearer ${USUAL_KEY}`,
    ),
    name: 'a client that traces',
    record: {
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      finish_reason: 'stop',
    },
    isMetered: true,
  },
];
