import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { Server } from 'node:http';
import { type Socket } from 'node:net';
import { chatText, requestText } from '../support/client/http-text.js';
import { limits } from '../support/gateway/config.js';
import { type Gateway } from '../support/gateway/gateway.js';
import { useScenes } from '../support/gateway/scene.js';
import { deferred } from '../support/time/deferred.js';
import { useHeldTimers } from '../support/time/held-timer.js';
import { type UpstreamTurn } from '../support/upstream/scripted-upstream.js';

const { scene } = useScenes();
const heldTimer = useHeldTimers();

/** How long a refused client may keep its connection. */
const LINGER_MS = 2_000;

const BROKEN_HEAD = 'POST /v1/files HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
const CONNECT = requestText('CONNECT elsewhere.test:443');

describe('a connection that was answered before it brought a request', () => {
  it.each([
    ['CONNECT', CONNECT, 405],
    ['garbage', 'garbage\r\n\r\n', 400],
    ['half a head', 'GET / HT', 408],
    ['a head that is too large', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(40_000)}`, 431],
  ])('is closed for good though its client keeps it open: %s', async (_what, bytes, status) => {
    const linger = heldTimer(LINGER_MS);
    const { client, gateway } = await scene((turn) => turn.json('{}'), {
      settings: { limits: limits({ requestMs: 100 }) },
    });
    const accepted = nextAccepted(gateway);
    const sender = await client({ allowHalfOpen: true });
    const closed = once(await accepted, 'close');
    sender.send(bytes);
    expect((await sender.reply()).status).toBe(status);
    await sender.ended();
    await linger.armed;
    linger.fire();
    await closed;
  });

  it.each([
    ['CONNECT', CONNECT, 405],
    ['garbage', 'garbage\r\n\r\n', 400],
    ['a head that is too large', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(40_000)}`, 431],
    ['a broken body', `${BROKEN_HEAD}zz\r\n`, 400],
    ['a request without a host', 'GET /v1/x HTTP/1.1\r\n\r\n', 400],
  ])('hears its client out, so that the answer arrives: %s', async (_what, bytes, status) => {
    const { client } = await scene((turn) => turn.json('{}'));
    const sender = await client({ allowHalfOpen: true });
    sender.send(bytes);
    const { status: told } = await sender.reply();
    const wasSent = once(sender.socket, 'drain');
    // More than sockets hold: it leaves when it is read.
    sender.send('x'.repeat(16 * 1_048_576));
    await wasSent;
    sender.socket.end();
    expect([told, await sender.ended()]).toEqual([status, 'end']);
  });

  it('harms nobody when its client resets it', async () => {
    const { client, gateway } = await scene((turn) => turn.json('{}'));
    const accepted = nextAccepted(gateway);
    const sender = await client({ allowHalfOpen: true });
    const closed = deferred();
    // An error that nobody listens to would end the process, and fails the test.
    (await accepted).once('close', closed.resolve);
    sender.send(CONNECT);
    expect((await sender.reply()).status).toBe(405);
    sender.reset();
    await closed.promise;
    expect((await fetch(`${gateway.url}/health/live`)).status).toBe(200);
  });
});

/** The next connection, as the gateway has it. */
async function nextAccepted({ app }: Gateway): Promise<Socket> {
  const server: unknown = app.getHttpServer();
  if (!(server instanceof Server)) throw new Error('no HTTP server');
  const connection = deferred<Socket>();
  server.once('connection', connection.resolve);
  return connection.promise;
}

describe('a CONNECT behind requests that run', () => {
  it('ends them with its connection, and none of them is given its answer', async () => {
    const hanging: UpstreamTurn[] = [];
    const asked = deferred();
    const { client, gateway } = await scene(
      async (turn) => {
        await turn.body();
        if (hanging.length === 2) return turn.json('{}');
        hanging.push(turn);
        if (hanging.length === 2) asked.resolve();
        await turn.closed();
      },
      { settings: { limits: limits({ maxInFlight: 2 }) } },
    );
    const sender = await client();
    sender.send(chatText() + chatText());
    await asked.promise;
    sender.send(CONNECT);
    await sender.ended();
    expect(sender.reader.received).toBe('');
    const outcomes = [await gateway.nextFinished(), await gateway.nextFinished()];
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['client_aborted', 'client_aborted']);
    const other = await client();
    other.send(chatText());
    expect((await other.reply()).status).toBe(200);
  });
});
