import { describe, expect, it } from '@jest/globals';
import { EventLoopDelay } from '../../src/exchange/gates/event-loop-delay.js';
import { chatText, requestText } from '../support/client/http-text.js';
import { headerIn, type RawClient, type RawReply } from '../support/client/raw-client.js';
import { backend, configOf } from '../support/gateway/config.js';
import { useScenes } from '../support/gateway/scene.js';
import { deferred } from '../support/time/deferred.js';
import { eventually } from '../support/time/eventually.js';

/** Longer than the delay of the event loop at which newcomers are refused. */
const BLOCK_MS = 300;

const { scene, upstreamOf, gatewayWith, clientOf } = useScenes();

describe('a process that is too busy', () => {
  it('refuses new requests at once, goes on with what runs, and serves again when it is not', async () => {
    const goOn = deferred();
    const { client, gateway, upstream } = await scene(async (turn) => {
      if (turn.request.method === 'GET') {
        await turn.json('{}');
        return;
      }
      await turn.beginStream();
      await turn.chunk('data: 1\n\n');
      await goOn.promise;
      await turn.chunk('data: 2\n\n');
      await turn.endStream();
    });
    const running = await client();
    running.send(chatText());
    await running.head();
    expect(await running.chunk()).toBe('data: 1\n\n');

    // Gateways under test do not look at it unless they are told to.
    gateway.app.get(EventLoopDelay, { strict: false }).onApplicationBootstrap();
    const newcomer = await client();
    let served = 0;
    const refused = await blockedUntil(
      () => ask(newcomer),
      ({ status }) => {
        if (status === 200) served++;
        return status !== 200;
      },
    );
    expect(refused.status).toBe(503);
    expect(JSON.parse(refused.body)).toMatchObject({
      error: { code: 'overloaded', message: expect.stringContaining('too busy') },
    });
    expect(headerIn(refused.headerLines, 'retry-after')).toBe('1');
    expect(upstream.requests).toHaveLength(1 + served);
    expect((await fetch(`${gateway.url}/health/live`)).status).toBe(200);
    goOn.resolve();
    expect(await running.chunk()).toBe('data: 2\n\n');
    expect(await running.chunk()).toBe('');

    await eventually(
      () => ask(newcomer),
      ({ status }) => status === 200,
    );
  });
});

function ask(sender: RawClient): Promise<RawReply> {
  sender.send(requestText('GET /v1/models'));
  return sender.reply();
}

/** As {@link eventually}, while the thread that gateway and test share has hardly any time. */
async function blockedUntil<Answer>(
  question: () => Promise<Answer>,
  isAwaited: (answer: Answer) => boolean,
): Promise<Answer> {
  let isBlocking = true;
  const block = (): void => {
    if (!isBlocking) return;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BLOCK_MS);
    setImmediate(block);
  };
  setImmediate(block);
  try {
    return await eventually(question, isAwaited);
  } finally {
    isBlocking = false;
  }
}

describe('the metrics', () => {
  it('show retries by backend and reason, breakers, ejections and the queue', async () => {
    const ill = await upstreamOf((turn) => turn.json('"no"', { status: '503 Busy' }));
    const well = await upstreamOf((turn) => turn.json('"well"'));
    const gateway = await gatewayWith({
      ...configOf([backend(ill.url, { name: 'ill' })]),
      fallbackBackends: [backend(well.url, { name: 'well' })],
    });
    const sender = await clientOf(gateway);
    for (let round = 0; round < 5; round++) {
      sender.send(chatText());
      expect((await sender.reply()).status).toBe(200);
    }
    const lines = (await (await fetch(`${gateway.url}/metrics`)).text()).split('\n');
    for (const line of [
      'sluice_retries_total{backend="ill",reason="503"} 5',
      'sluice_breaker_state{backend="ill"} 2',
      'sluice_breaker_state{backend="well"} 0',
      'sluice_ejections_total{backend="ill"} 1',
      'sluice_ejections_total{backend="well"} 0',
      'sluice_queue_waiting 0',
      'sluice_config_last_reload_ok 1',
    ]) {
      expect(lines).toContain(line);
    }
    expect(lines.some((line) => line.startsWith('sluice_event_loop_delay_seconds '))).toBe(true);
  });
});
