import { describe, expect, it } from '@jest/globals';
import { WaitingRoom } from '../../src/backends/waiting/waiting-room.js';
import { type TimeoutsConfig } from '../../src/config/typed/timeouts-config.js';
import { chatText, requestText } from '../support/client/http-text.js';
import { headerIn, type RawClient } from '../support/client/raw-client.js';
import { backend, configOf } from '../support/gateway/config.js';
import { type Gateway } from '../support/gateway/gateway.js';
import { useScenes } from '../support/gateway/scene.js';
import { advanceClock } from '../support/time/advance-clock.js';
import { deferred } from '../support/time/deferred.js';
import { eventually } from '../support/time/eventually.js';
import { type UpstreamTurn } from '../support/upstream/scripted-upstream.js';

const { upstreamOf, gatewayWith, clientOf } = useScenes();

/** Longer than any test: it passes only where the clock is put forward. */
const LIMIT_MS = 60_000;

const STREAM = chatText('{"model":"m","stream":true,"messages":[{"role":"user","content":"hi"}]}');

const timeouts = (choice: Partial<TimeoutsConfig>): TimeoutsConfig => ({
  ...{ connectMs: 0, headersMs: 0, firstTokenMs: 0, idleMs: 0, totalMs: 0, ...choice },
});

async function told(sender: RawClient) {
  const { status, headerLines, body } = await sender.reply();
  const { error } = JSON.parse(body) as { error: { code: string; message: string } };
  return { status, ...error, attempts: headerIn(headerLines, 'x-sluice-attempts') };
}

describe.each([
  ['total', { totalMs: LIMIT_MS }],
  ['first_token', { firstTokenMs: LIMIT_MS }],
])('the %s limit of a backend', (phase, limit) => {
  it('lets nothing be repeated once it has passed', async () => {
    const gateways: Gateway[] = [];
    const failing = await upstreamOf(async (turn) => {
      await turn.body();
      for (const gateway of gateways) advanceClock(gateway, LIMIT_MS);
      turn.reset();
    });
    const at = backend(failing.url, { timeouts: timeouts(limit) });
    const gateway = await gatewayWith(configOf([at]));
    gateways.push(gateway);
    const sender = await clientOf(gateway);
    sender.send(STREAM);
    expect(await told(sender)).toMatchObject({
      ...{ status: 502, code: 'upstream_protocol', attempts: '1' },
    });
    expect(failing.requests).toHaveLength(1);
  });

  it('runs from the start of the exchange also for a second attempt', async () => {
    const gateways: Gateway[] = [];
    const failing = await upstreamOf(async (turn) => {
      await turn.body();
      for (const gateway of gateways) advanceClock(gateway, LIMIT_MS - 50);
      turn.reset();
    });
    const silent = await upstreamOf((turn) => turn.closed().then(() => undefined));
    const gateway = await gatewayWith({
      ...configOf([backend(failing.url, { name: 'failing' })]),
      fallbackBackends: [backend(silent.url, { name: 'silent', timeouts: timeouts(limit) })],
    });
    gateways.push(gateway);
    const sender = await clientOf(gateway);
    sender.send(STREAM);
    expect(await told(sender)).toMatchObject({
      ...{ status: 504, code: 'upstream_timeout', attempts: '2' },
      message: `backend 'silent' ran into the ${phase} timeout`,
    });
  });

  it('keeps nobody from another backend that has time', async () => {
    const gateways: Gateway[] = [];
    const failing = await upstreamOf(async (turn) => {
      await turn.body();
      for (const gateway of gateways) advanceClock(gateway, LIMIT_MS);
      await turn.json('{}', { status: '503 Service Unavailable' });
    });
    const late = await upstreamOf((turn) => turn.json('{}'));
    const free = await upstreamOf((turn) => turn.json('{}'));
    const gateway = await gatewayWith({
      ...configOf([backend(failing.url, { name: 'failing' })]),
      fallbackBackends: [
        backend(late.url, { name: 'late', timeouts: timeouts(limit) }),
        backend(free.url, { name: 'free' }),
      ],
    });
    gateways.push(gateway);
    const sender = await clientOf(gateway);
    for (let round = 0; round < 4; round++) {
      sender.send(STREAM);
      expect((await sender.reply()).status).toBe(200);
    }
    expect(late.requests).toEqual([]);
  });

  it('counts the time that a request waited for room', async () => {
    const goOn = deferred();
    const reached = deferred();
    const narrow = await upstreamOf(async (turn) => {
      await turn.body();
      reached.resolve();
      await goOn.promise;
      await turn.json('{}');
    });
    const at = backend(narrow.url, { timeouts: timeouts(limit), maxInFlight: 1 });
    const gateway = await gatewayWith(
      configOf([at], { queue: { max: 1, timeoutMs: 2 * LIMIT_MS } }),
    );
    const [first, second] = [await clientOf(gateway), await clientOf(gateway)];
    first.send(chatText());
    await reached.promise;
    second.send(STREAM);
    const room = gateway.app.get(WaitingRoom, { strict: false });
    await eventually(
      async () => {
        await (await fetch(`${gateway.url}/health/live`)).text();
        return room.length;
      },
      (length) => length === 1,
    );
    advanceClock(gateway, LIMIT_MS);
    goOn.resolve();
    expect((await first.reply()).status).toBe(200);
    expect(await told(second)).toMatchObject({ status: 504, code: 'upstream_timeout' });
    expect(narrow.requests).toHaveLength(1);
  });
});

describe('the idle limit of a backend that answers before it has the whole upload', () => {
  const IDLE_MS = 50;

  async function earlyAnswer(goOn: (turn: UpstreamTurn) => Promise<void>) {
    const upstream = await upstreamOf(async (turn) => {
      await turn.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n');
      await goOn(turn);
    });
    const at = backend(upstream.url, { timeouts: timeouts({ idleMs: IDLE_MS }) });
    return clientOf(await gatewayWith(configOf([at])));
  }

  it('does not run while it is the client that is waited for', async () => {
    const sender = await earlyAnswer(async (turn) => {
      await turn.body();
      await turn.write('done');
    });
    const whole = requestText('POST /v1/files', { body: 'some file' });
    sender.send(whole.slice(0, -4));
    expect((await sender.head()).status).toBe(200);
    // Longer than the limit, measured by a timer that was set after the gateway's.
    const passed = deferred();
    setTimeout(passed.resolve, 2 * IDLE_MS);
    await passed.promise;
    sender.send(whole.slice(-4));
    expect(await sender.reader.takeBytes(4)).toBe('done');
  });

  it('runs from when it has all of it', async () => {
    const sender = await earlyAnswer(async (turn) => {
      await turn.body();
      await turn.closed();
    });
    sender.send(requestText('POST /v1/files', { body: 'some file' }));
    expect((await sender.head()).status).toBe(200);
    await sender.ended();
    expect(sender.reader.received).toBe('');
  });

  it('runs while it takes no more of it', async () => {
    const sender = await earlyAnswer(async (turn) => {
      turn.socket.pause();
      await turn.closed();
    });
    sender.send(requestText('POST /v1/files', { body: 'x'.repeat(24 * 1_048_576) }));
    expect((await sender.head()).status).toBe(200);
    await sender.ended();
    expect(sender.reader.received).toBe('');
  });
});
