import { describe, expect, it } from '@jest/globals';
import { gunzipSync, gzipSync } from 'node:zlib';
import { BackendRegistry } from '../../src/backends/backend-registry.js';
import { chatText, requestText } from '../support/client/http-text.js';
import { headerIn, type RawClient } from '../support/client/raw-client.js';
import { useScenes } from '../support/gateway/scene.js';
import { deferred } from '../support/time/deferred.js';
import { type UpstreamTurn } from '../support/upstream/scripted-upstream.js';

const { scene } = useScenes();

/** A path whose streams pass as they are, whatever the configuration. */
const RESPONSES = requestText('POST /v1/responses', { body: '{"model":"m","stream":true}' });
const OTHER = 'GET /v1/files HTTP/1.1\r\nHost: sluice.test\r\n\r\n';

const KEEPALIVE = ': keepalive\n\n';
const EVENT = 'data: {"type":"response.created"}\n\n';
const LAST_EVENT = 'data: {"type":"response.completed"}\n\n';
const DONE = 'data: [DONE]\n\n';

function headOf(bytes: number, more = ''): string {
  return `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: ${bytes}\r\n${more}\r\n`;
}

/** Whether the connection is where its next request begins. */
async function servesNext(sender: RawClient): Promise<boolean> {
  sender.send(OTHER);
  return (await sender.reply()).body === '{"other":true}';
}

/** Answers another request than the one for the stream. */
async function isOther(turn: UpstreamTurn): Promise<boolean> {
  if (!turn.request.target.startsWith('/v1/files')) return false;
  await turn.json('{"other":true}');
  return true;
}

describe('an event stream whose backend tells its length', () => {
  it('can get comments all the same, and ends where its client thinks', async () => {
    const goOn = deferred();
    const { client } = await scene(
      async (turn) => {
        if (await isOther(turn)) return;
        await turn.body();
        await turn.write(headOf(EVENT.length + LAST_EVENT.length) + EVENT);
        await goOn.promise;
        await turn.write(LAST_EVENT);
      },
      { settings: { keepaliveMs: 20 } },
    );
    const sender = await client();
    sender.send(RESPONSES);
    const { headerLines } = await sender.head();
    expect(headerIn(headerLines, 'content-length')).toBeNull();
    expect(await sender.chunk()).toBe(EVENT);
    expect(await sender.chunk()).toBe(KEEPALIVE);
    goOn.resolve();
    let rest = '';
    for (let chunk = await sender.chunk(); chunk !== ''; chunk = await sender.chunk()) {
      rest += chunk;
    }
    expect(rest.replaceAll(KEEPALIVE, '')).toBe(LAST_EVENT);
    expect(await servesNext(sender)).toBe(true);
  });

  it('tells an error when it breaks off, and leaves the connection to the next request', async () => {
    const { client } = await scene(async (turn) => {
      if (await isOther(turn)) return;
      await turn.body();
      await turn.write(headOf(500) + EVENT);
      turn.socket.end();
    });
    const sender = await client();
    sender.send(RESPONSES);
    const { body } = await sender.reply();
    expect(body.startsWith(EVENT)).toBe(true);
    expect(body).toContain('"code":"upstream_protocol"');
    expect(await servesNext(sender)).toBe(true);
  });
});

describe('an event stream in a content coding', () => {
  const coded = gzipSync(EVENT + LAST_EVENT);

  it('gets no comments: they would be no part of the coding', async () => {
    const goOn = deferred();
    const { client } = await scene(
      async (turn) => {
        await turn.body();
        const isCoded = turn.request.header('accept-encoding') === 'gzip';
        const coding = isCoded ? 'Content-Encoding: gzip\r\n' : '';
        await turn.write(headOf(isCoded ? coded.length : 500, coding));
        await goOn.promise;
        if (isCoded) await turn.write(coded);
      },
      { settings: { keepaliveMs: 10 } },
    );
    const [reader, clock] = [await client(), await client()];
    reader.send(
      requestText('POST /v1/responses', {
        headers: ['Accept-Encoding: gzip'],
        body: '{"model":"m","stream":true}',
      }),
    );
    await reader.head();
    clock.send(RESPONSES);
    await clock.head();
    // By then the other one has been as silent for as long.
    for (let comment = 0; comment < 3; comment++) expect(await clock.chunk()).toBe(KEEPALIVE);
    goOn.resolve();
    const bytes = await reader.reader.takeBytes(coded.length);
    expect(gunzipSync(Buffer.from(bytes, 'latin1')).toString()).toBe(EVENT + LAST_EVENT);
  });

  it('is cut when its backend breaks off: no error can be told within the coding', async () => {
    const { client, gateway } = await scene(async (turn) => {
      await turn.body();
      await turn.write(
        'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\n' +
          'Transfer-Encoding: chunked\r\n\r\n',
      );
      await turn.chunk(coded.subarray(0, 20));
      turn.socket.end();
    });
    const sender = await client();
    sender.send(RESPONSES);
    await expect(sender.reply()).rejects.toThrow('the connection ended');
    expect((await gateway.nextFinished()).outcome).toBe('upstream_failed');
  });
});

describe('a backend that goes wrong behind the last event', () => {
  const ways: [string, (turn: UpstreamTurn) => Promise<void>][] = [
    [
      'after it',
      async (turn) => {
        await turn.beginStream();
        await turn.chunk(EVENT + DONE);
        turn.socket.end();
      },
    ],
    [
      'in the same packet as all of it',
      async (turn) => {
        await turn.body();
        const body = EVENT + DONE;
        turn.socket.end(
          'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n' +
            `${body.length.toString(16)}\r\n${body}\r\n`,
        );
      },
    ],
  ];

  it.each(ways)('harms neither the client nor itself when that is %s', async (_when, script) => {
    const { client, gateway } = await scene(script);
    const sender = await client();
    for (let round = 0; round < 6; round++) {
      sender.send(chatText());
      expect(await sender.reply()).toMatchObject({ status: 200, body: EVENT + DONE });
      const { outcome, facts } = await gateway.nextFinished();
      expect([outcome, facts.errorCode]).toEqual(['completed', null]);
    }
    const { states } = gateway.app.get(BackendRegistry, { strict: false });
    expect(states.get('local')?.ejections).toBe(0);
  });
});
