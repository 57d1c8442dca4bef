import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type Socket } from 'node:net';
import { chatText, requestText } from '../support/client/http-text.js';
import { type RawClient } from '../support/client/raw-client.js';
import { limits } from '../support/gateway/config.js';
import { useScenes } from '../support/gateway/scene.js';
import { deferred } from '../support/time/deferred.js';
import { eventually } from '../support/time/eventually.js';
import { untilStill } from '../support/time/stillness.js';
import { useTimeLeaps } from '../support/time/time-leaps.js';

const MB = 1_048_576;
const TOTAL_BYTES = 200 * MB;
const CHUNK = Buffer.alloc(MB, 'x');

/** What may lie between the two sides: the buffers of four sockets, mostly the kernel's. */
const MOST_IN_FLIGHT_BYTES = 32 * MB;

/** Longer than any machine lets a backend of this process wait. */
const IDLE_MS = 60_000;

const { scene } = useScenes();
const leap = useTimeLeaps();

/** Writes everything, as fast as the other side takes it, and counts what it took. */
async function pour(socket: Socket, onTaken: (bytes: number) => void): Promise<void> {
  for (let bytes = 0; bytes < TOTAL_BYTES; bytes += MB) {
    if (!socket.write(CHUNK)) await once(socket, 'drain');
    onTaken(MB);
  }
}

/** Past whatever is paused, through gateway and backend. */
function roundTrip(other: RawClient): Promise<unknown> {
  other.send(requestText('GET /v1/models'));
  return other.reply();
}

describe('back-pressure', () => {
  it.each([
    ['a body', `Content-Length: ${TOTAL_BYTES}`],
    ['an event stream', `Content-Type: text/event-stream\r\nContent-Length: ${TOTAL_BYTES}`],
  ])(
    'leaves a client that takes nothing more of %s, and closes the upstream',
    async (_, fields) => {
      const wasClosed = deferred();
      const { client, gateway } = await scene(
        async (turn) => {
          await turn.body();
          await turn.write(`HTTP/1.1 200 OK\r\n${fields}\r\n\r\n`);
          const closed = turn.closed().then(() => {
            wasClosed.resolve();
          });
          await Promise.race([pour(turn.socket, () => undefined), closed]);
        },
        { settings: { limits: limits({ stalledReaderMs: 100 }) } },
      );
      const reader = await client();
      reader.socket.pause();
      reader.send(chatText());
      expect((await gateway.nextFinished()).outcome).toBe('client_aborted');
      await wasClosed.promise;
    },
  );

  it('leaves a client that takes nothing more of a reply that is complete', async () => {
    const body = JSON.stringify('x'.repeat(24 * MB));
    const { client, gateway } = await scene((turn) => turn.json(body), {
      settings: { limits: limits({ stalledReaderMs: 100 }) },
    });
    const reader = await client();
    reader.socket.pause();
    reader.send(chatText());
    expect((await gateway.nextFinished()).outcome).toBe('client_aborted');
  });

  it('leaves one that takes nothing of a reply that had to wait for another', async () => {
    const body = JSON.stringify('x'.repeat(24 * MB));
    const [began, goOn] = [deferred(), deferred()];
    const { client, gateway } = await scene(
      async (turn) => {
        if (turn.request.method === 'GET') return turn.json('{}');
        if ((await turn.body()).includes('first')) {
          await goOn.promise;
          return turn.json('{}');
        }
        began.resolve();
        await turn.json(body);
      },
      { settings: { limits: limits({ stalledReaderMs: 100 }) } },
    );
    const [reader, other] = [await client(), await client()];
    reader.socket.pause();
    reader.send(chatText('{"model":"m","messages":["first"]}') + chatText());
    await began.promise;
    await roundTrip(other);
    goOn.resolve();
    for (const outcome of ['completed', 'completed', 'client_aborted']) {
      expect((await gateway.nextFinished()).outcome).toBe(outcome);
    }
  });

  it.each([
    ['a body', 'application/octet-stream'],
    ['an event stream', 'text/event-stream'],
  ])('pauses the upstream of %s that the client does not read', async (_what, contentType) => {
    const began = deferred();
    let sentBytes = 0;
    const { client } = await scene(async (turn) => {
      if (turn.request.method === 'GET') return turn.json('{}');
      await turn.body();
      await turn.write(
        `HTTP/1.1 200 OK\r\nContent-Type: ${contentType}\r\nContent-Length: ${TOTAL_BYTES}\r\n\r\n`,
      );
      began.resolve();
      await pour(turn.socket, (bytes) => (sentBytes += bytes));
    });
    const [reader, other] = [await client(), await client()];
    reader.reader.countOnly();
    reader.socket.pause();
    reader.send(chatText());
    await began.promise;
    const stillBytes = await untilStill(
      () => sentBytes,
      () => roundTrip(other),
    );
    expect(stillBytes).toBeLessThan(MOST_IN_FLIGHT_BYTES);
    reader.socket.resume();
    await reader.reader.untilBytes(TOTAL_BYTES);
    expect(sentBytes).toBe(TOTAL_BYTES);
  });

  it('pauses an upload that the backend does not read', async () => {
    const began = deferred();
    const goOn = deferred();
    let sentBytes = 0;
    const { client } = await scene(async (turn) => {
      if (turn.request.method === 'GET') return turn.json('{}');
      turn.reader.countOnly();
      turn.socket.pause();
      began.resolve();
      await goOn.promise;
      turn.socket.resume();
      await turn.reader.untilBytes(TOTAL_BYTES);
      await turn.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    });
    const [uploader, other] = [await client(), await client()];
    uploader.send(requestText('POST /v1/files', { headers: [`Content-Length: ${TOTAL_BYTES}`] }));
    const poured = pour(uploader.socket, (bytes) => (sentBytes += bytes));
    await began.promise;
    const stillBytes = await untilStill(
      () => sentBytes,
      () => roundTrip(other),
    );
    expect(stillBytes).toBeLessThan(MOST_IN_FLIGHT_BYTES);
    goOn.resolve();
    await poured;
    expect((await uploader.reply()).status).toBe(200);
  });

  it('does not take a slow client for a silent backend', async () => {
    const began = deferred();
    let sentBytes = 0;
    const { client, gateway, upstream } = await scene(
      async (turn) => {
        if (turn.request.method === 'GET') return turn.json('{}');
        await turn.body();
        await turn.write(`HTTP/1.1 200 OK\r\nContent-Length: ${TOTAL_BYTES}\r\n\r\n`);
        began.resolve();
        await pour(turn.socket, (bytes) => (sentBytes += bytes));
      },
      {
        backend: {
          timeouts: { connectMs: 0, headersMs: 0, firstTokenMs: 0, idleMs: IDLE_MS, totalMs: 0 },
        },
      },
    );
    const [reader, other] = [await client(), await client()];
    reader.reader.countOnly();
    reader.socket.pause();
    const started = gateway.nextStarted();
    reader.send(chatText());
    const exchange = await started;
    await began.promise;
    await untilStill(
      () => sentBytes,
      () => roundTrip(other),
    );
    // Of two exchanges whose time is over the one that began first is cut first, if it is at all.
    upstream.become(async (turn) => {
      await turn.beginStream();
      await turn.closed();
    });
    other.send(chatText());
    await other.head();
    leap(IDLE_MS);
    expect(await other.chunk()).toContain('the idle timeout');
    expect(exchange.outcome).toBeNull();
    reader.socket.resume();
    await reader.reader.untilBytes(TOTAL_BYTES);
    await eventually(
      () => gateway.nextFinished(),
      (finished) => finished === exchange,
    );
    expect(exchange.outcome).toBe('completed');
  });
});
