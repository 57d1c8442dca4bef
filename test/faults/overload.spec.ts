import { describe, expect, it } from '@jest/globals';
import { WaitingRoom } from '../../src/backends/waiting/waiting-room.js';
import { chatText } from '../support/client/http-text.js';
import { headerIn } from '../support/client/raw-client.js';
import { backend, configOf } from '../support/gateway/config.js';
import { useScenes } from '../support/gateway/scene.js';
import { deferred, type Deferred } from '../support/time/deferred.js';
import { eventually } from '../support/time/eventually.js';

const { upstreamOf, gatewayWith, clientOf } = useScenes();

/** A backend for one request at a time, that answers each when the test says so. */
async function narrow(queue: { max: number; timeoutMs: number }, maxInFlight = 1) {
  const answers: Deferred[] = [];
  let most = 0;
  let running = 0;
  const reached = Array.from({ length: 10 }, () => deferred());
  const upstream = await upstreamOf(async (turn) => {
    await turn.body();
    most = Math.max(most, ++running);
    const answer = deferred();
    answers.push(answer);
    reached[answers.length - 1]?.resolve();
    await answer.promise;
    running--;
    await turn.json(`"${answers.indexOf(answer)}"`);
  });
  const gateway = await gatewayWith(configOf([backend(upstream.url, { maxInFlight })], { queue }));
  const room = gateway.app.get(WaitingRoom, { strict: false });
  const ask = async () => {
    const sender = await clientOf(gateway);
    sender.send(chatText());
    return sender;
  };
  const untilWaiting = (count: number) =>
    eventually(
      async () => {
        await (await fetch(`${gateway.url}/health/live`)).text();
        return room.length;
      },
      (length) => length === count,
    );
  return { upstream, gateway, ask, answers, reached, untilWaiting, most: () => most };
}

describe('max_in_flight', () => {
  it('refuses at once with 503 overloaded what is more than a backend takes, without a queue', async () => {
    const { ask, answers, reached, upstream } = await narrow({ max: 0, timeoutMs: 0 });
    const first = await ask();
    await reached[0]?.promise;
    const { status, body, headerLines } = await (await ask()).reply();
    expect(status).toBe(503);
    expect(JSON.parse(body)).toMatchObject({ error: { code: 'overloaded' } });
    expect(headerIn(headerLines, 'retry-after')).toBe('1');
    answers[0]?.resolve();
    expect((await first.reply()).status).toBe(200);
    expect(upstream.requests).toHaveLength(1);
  });

  it('sends what one backend has no room for to another', async () => {
    const held = deferred();
    const full = await upstreamOf(async (turn) => {
      await turn.body();
      await held.promise;
      await turn.json('"full"');
    });
    const spare = await upstreamOf((turn) => turn.json('"spare"'));
    const gateway = await gatewayWith({
      ...configOf([backend(full.url, { name: 'full', maxInFlight: 1 })]),
      fallbackBackends: [backend(spare.url, { name: 'spare' })],
    });
    const first = await clientOf(gateway);
    first.send(chatText());
    const second = await clientOf(gateway);
    await eventually(
      async () => {
        await (await fetch(`${gateway.url}/health/live`)).text();
        return full.requests.length;
      },
      (count) => count === 1,
    );
    second.send(chatText());
    expect((await second.reply()).body).toBe('"spare"');
    held.resolve();
    expect((await first.reply()).body).toBe('"full"');
  });
});

describe('the queue', () => {
  it('lets requests wait in order, one at a time at the backend', async () => {
    const { ask, answers, reached, untilWaiting, most } = await narrow({
      max: 5,
      timeoutMs: 60_000,
    });
    const senders = [await ask()];
    await reached[0]?.promise;
    for (let waiting = 1; waiting <= 3; waiting++) {
      senders.push(await ask());
      await untilWaiting(waiting);
    }
    for (const [at, sender] of senders.entries()) {
      await reached[at]?.promise;
      answers[at]?.resolve();
      expect((await sender.reply()).body).toBe(`"${at}"`);
    }
    expect(most()).toBe(1);
  });

  it('has a bound: what finds no place is refused at once', async () => {
    const { ask, reached, untilWaiting } = await narrow({ max: 1, timeoutMs: 60_000 });
    await ask();
    await reached[0]?.promise;
    await ask();
    await untilWaiting(1);
    expect((await (await ask()).reply()).status).toBe(503);
  });

  it('ends a wait at its deadline with 503 overloaded', async () => {
    const { ask, reached, upstream, untilWaiting } = await narrow({ max: 1, timeoutMs: 30 });
    await ask();
    await reached[0]?.promise;
    const { status, body } = await (await ask()).reply();
    expect(status).toBe(503);
    expect(JSON.parse(body)).toMatchObject({
      error: { code: 'overloaded', message: expect.stringContaining('queue.timeout') },
    });
    await untilWaiting(0);
    expect(upstream.requests).toHaveLength(1);
  });

  it('gives up the place of a client that leaves, whose request no backend sees', async () => {
    const { ask, answers, reached, untilWaiting, upstream } = await narrow({
      max: 2,
      timeoutMs: 60_000,
    });
    const first = await ask();
    await reached[0]?.promise;
    const leaver = await ask();
    await untilWaiting(1);
    leaver.reset();
    await untilWaiting(0);
    const last = await ask();
    await untilWaiting(1);
    answers[0]?.resolve();
    expect((await first.reply()).status).toBe(200);
    await reached[1]?.promise;
    answers[1]?.resolve();
    expect((await last.reply()).status).toBe(200);
    expect(upstream.requests).toHaveLength(2);
  });

  it('lets the next go when a running request is left by its client', async () => {
    const { ask, answers, reached, untilWaiting } = await narrow({ max: 2, timeoutMs: 60_000 });
    const leaver = await ask();
    await reached[0]?.promise;
    const next = await ask();
    await untilWaiting(1);
    leaver.reset();
    await reached[1]?.promise;
    answers[1]?.resolve();
    expect((await next.reply()).status).toBe(200);
  });
});
