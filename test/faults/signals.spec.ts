import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EventLoopDelay } from '../../src/exchange/event-loop-delay.js';
import { backend, configOf } from '../support/config.js';
import { deferred } from '../support/deferred.js';
import { chatText } from '../support/http-text.js';
import { headerIn } from '../support/raw-client.js';
import { useScenes } from '../support/scene.js';

const { scene, upstreamOf, gatewayWith, clientOf } = useScenes();

describe('a process that is too busy', () => {
  beforeEach(() => {
    jest.spyOn(EventLoopDelay.prototype, 'isLate', 'get').mockReturnValue(false);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('refuses new requests at once, answers probes, and goes on with what runs', async () => {
    const goOn = deferred();
    const { client, gateway, upstream } = await scene(async (turn) => {
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

    jest.spyOn(EventLoopDelay.prototype, 'isLate', 'get').mockReturnValue(true);
    const refused = await client();
    refused.send(chatText());
    const { status, body, headerLines } = await refused.reply();
    expect(status).toBe(503);
    expect(JSON.parse(body)).toMatchObject({ error: { code: 'overloaded' } });
    expect(headerIn(headerLines, 'retry-after')).toBe('1');
    expect((await fetch(`${gateway.url}/health/live`)).status).toBe(200);

    goOn.resolve();
    expect(await running.chunk()).toBe('data: 2\n\n');
    expect(await running.chunk()).toBe('');
    expect(upstream.requests).toHaveLength(1);
  });
});

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
