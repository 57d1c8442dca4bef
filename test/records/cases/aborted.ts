import { expect } from '@jest/globals';
import { textEvent } from '../../support/upstream/chat-events.js';
import { silence } from './backends.js';
import { chat, goneAt, headSeen } from './clients.js';
import { eachWith, type ExchangeCase, unasked, UNREACHED } from './exchange-case.js';

const GONE = { outcome: 'client_aborted', status: null, headers_ms: null } as const;
const awaiting = eachWith({ status: null, error_code: null });

/** Exchanges that their client leaves. */
export const ABORTED: readonly ExchangeCase[] = [
  {
    name: 'a client that leaves while its body is read',
    request: (id) => chat(id, { model: 'm' }).slice(0, -5),
    serve: unasked,
    receive: goneAt(({ started }) => started),
    record: { ...UNREACHED, ...GONE, requested_model: null },
    isMetered: false,
  },
  {
    name: 'a client that leaves while it waits for a place',
    request: (id) => chat(id, { model: 'narrow' }),
    serve: unasked,
    receive: goneAt(({ bodyRead }) => bodyRead()),
    record: { ...UNREACHED, ...GONE, requested_model: 'narrow' },
    isMetered: false,
  },
  {
    name: 'a client that leaves while its backend is connected',
    request: (id) => chat(id, { model: 'mute' }),
    serve: unasked,
    receive: goneAt(({ connecting }) => connecting()),
    record: {
      ...{ ...GONE, phase: 'connecting', attempts: 1 },
      ...{ requested_model: 'mute', model: 'mute', backend: 'mute' },
    },
    attempts: () => awaiting(['mute']),
    isMetered: false,
  },
  {
    name: 'a client that leaves before the answer',
    request: (id) => chat(id, { model: 'm' }),
    serve: silence,
    receive: goneAt(({ reached }) => reached),
    record: { ...GONE, phase: 'awaiting-head' },
    attempts: awaiting,
    isMetered: false,
  },
  {
    name: 'a client that leaves before the head of a stream',
    request: (id) => chat(id, { model: 'm', stream: true }),
    serve: silence,
    receive: goneAt(({ reached }) => reached),
    record: { ...GONE, phase: 'awaiting-head', stream: true },
    attempts: awaiting,
    isMetered: false,
  },
  {
    name: 'a client that leaves in the middle of a stream',
    request: (id) => chat(id, { model: 'm', stream: true }),
    serve: async (turn) => {
      await turn.beginStream();
      await turn.chunk(textEvent('One'));
      await turn.closed();
    },
    receive: async (client) => {
      const head = headSeen(await client.head());
      const bytes = (await client.chunk()).length;
      client.reset();
      return { ...head, bytes };
    },
    record: {
      ...{ outcome: 'client_aborted', stream: true },
      ...{ first_token_ms: expect.any(Number), first_answer_ms: expect.any(Number) },
      ...{ prompt_tokens: 8, completion_tokens: 1, usage_source: 'estimated' },
    },
    isMetered: false,
  },
];
