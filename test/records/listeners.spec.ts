import { beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { type ExchangeEvents, onExchange } from '../../src/exchange/exchange.events.js';
import { type Exchange } from '../../src/exchange/exchange.js';
import { chatText } from '../support/client/http-text.js';
import { type Gateway } from '../support/gateway/gateway.js';
import { useScenes } from '../support/gateway/scene.js';
import { deferred } from '../support/time/deferred.js';
import { DONE, FINISH, textEvent } from '../support/upstream/chat-events.js';
import { type UpstreamScript } from '../support/upstream/scripted-upstream.js';
import { completion } from './cases/backends.js';

const { scene } = useScenes();

const EVENTS: readonly (keyof ExchangeEvents)[] = [
  'exchange.started',
  'exchange.first_token',
  'exchange.finished',
];

const BLOCKED_MS = 50;

function block(): void {
  const endMs = performance.now() + BLOCKED_MS;
  while (performance.now() < endMs);
}

function fail(): never {
  throw new Error('a mistake of a listener');
}

/** What is done to a gateway before its exchange. */
const LISTENERS: readonly [string, (events: EventEmitter2) => void][] = [
  [
    'that throws',
    (events) => {
      for (const name of EVENTS) onExchange(events, name, fail);
    },
  ],
  [
    'that throws, before all others and unguarded',
    (events) => {
      for (const name of EVENTS) events.prependListener(name, fail);
    },
  ],
  [
    'that rejects',
    (events) => {
      for (const name of EVENTS) {
        onExchange(events, name, () => Promise.reject(new Error('late')));
      }
    },
  ],
  [
    'that blocks',
    (events) => {
      for (const name of EVENTS) events.prependListener(name, block);
    },
  ],
  [
    'that is absent, like all others',
    (events) => {
      for (const name of EVENTS) events.removeAllListeners(name);
    },
  ],
];

const STREAM = '{"model":"m","stream":true,"messages":[{"role":"user","content":"hi"}]}';

const EXCHANGES: readonly [string, string, UpstreamScript][] = [
  ['a completion', chatText(), (turn) => completion(turn, { prompt: 1, completion: 1 })],
  [
    'a stream',
    chatText(STREAM),
    async (turn) => {
      await turn.beginStream();
      const events = [textEvent('One'), textEvent(' two'), FINISH, DONE];
      for (const event of events) await turn.chunk(event);
      await turn.endStream();
    },
  ],
  [
    'a stream that breaks off',
    chatText(STREAM),
    async (turn) => {
      await turn.beginStream();
      await turn.chunk(textEvent('One'));
      turn.reset();
    },
  ],
  ['a rejection', chatText('{'), () => undefined],
];

interface Told {
  readonly status: number;
  readonly fields: readonly string[];
  readonly body: string;
  readonly outcome: string | null;
  readonly bytesOut: number;
}

/** What the client got of an exchange, and what became of it. */
async function tell(
  request: string,
  script: UpstreamScript,
  prepare: (events: EventEmitter2) => void,
): Promise<Told> {
  const { gateway, client } = await scene(script);
  const ended = endOfNext(gateway, prepare);
  const sender = await client();
  sender.send(request.replace('Host:', 'x-request-id: same\r\nHost:'));
  const { status, headerLines, body } = await sender.reply();
  const { outcome, facts } = await ended;
  // Another second, another port: not what this is about.
  const fields = headerLines.filter((line) => !/^date:/i.test(line));
  return {
    status,
    fields,
    body: body.replaceAll(/:\d{4,5}/g, ''),
    outcome,
    bytesOut: facts.bytesOut,
  };
}

/** Listens for the end after `prepare`, which may have taken all listeners away. */
function endOfNext({ app }: Gateway, prepare: (events: EventEmitter2) => void): Promise<Exchange> {
  const events = app.get(EventEmitter2);
  const started = deferred<Exchange>();
  prepare(events);
  // Before any that throws, so that this test hears of it.
  events.prependListener('exchange.started', started.resolve);
  return started.promise.then(async (exchange) => {
    const { signal } = exchange;
    if (!signal.aborted) {
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve);
      });
    }
    return exchange;
  });
}

describe.each(LISTENERS)('a listener %s', (_which, prepare) => {
  beforeEach(() => {
    Logger.overrideLogger(false);
  });

  it.each(EXCHANGES)('changes nothing for %s', async (_what, request, script) => {
    const usual = await tell(request, script, () => undefined);
    expect(usual.body).not.toBe('');
    expect(await tell(request, script, prepare)).toEqual(usual);
  });
});
