import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { headerIn, RawClient, type RawClientOptions } from '../support/client/raw-client.js';
import { type ChildGateway, startChild } from '../support/gateway/child-gateway.js';
import { deferred, type Deferred } from '../support/time/deferred.js';
import { eventually } from '../support/time/eventually.js';
import { DONE, textEvent } from '../support/upstream/chat-events.js';
import {
  PROBE_PATH,
  type ScriptedUpstream,
  startUpstream,
  type UpstreamTurn,
} from '../support/upstream/scripted-upstream.js';

// Each test starts a process of its own.
jest.setTimeout(30_000);

const FIRST = textEvent('first');
const LAST = textEvent('last') + DONE;
const STREAM = request('/v1/streams');

/** Longer than any test: what depends on it must not be waited for. */
const NEVER_SECONDS = 600;

describe('drain', () => {
  let upstream: ScriptedUpstream;
  let child: ChildGateway;
  let clients: RawClient[];
  let release: Deferred;

  beforeEach(async () => {
    clients = [];
    release = deferred();
    upstream = await startUpstream(async (turn) => {
      if (turn.request.target === '/v1/streams') await streamHeldAtBarrier(turn);
      else if (turn.request.target === '/v1/held') await release.promise;
      else if (turn.request.target === '/v1/bytes') {
        await turn.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
        await release.promise;
      }
      await turn.json('{"ok":true}');
    });
  });

  afterEach(async () => {
    for (const client of clients) client.close();
    await child.dispose();
    await upstream.close();
  });

  it('loses no byte of 50 live streams, refuses newcomers, and exits with 0', async () => {
    await start({ delay: 0, deadline: NEVER_SECONDS });
    const streams = await Promise.all(Array.from({ length: 50 }, openStream));
    const keptAlive = await connected();
    expect(await ask(keptAlive, '/v1/files')).toMatchObject({ status: 200 });
    const probing = await connected();

    child.signal('SIGTERM');
    await refusal();
    expect(await ask(probing, '/health/ready')).toMatchObject({
      status: 503,
      body: '{"status":"shutting_down","draining":true}',
    });
    const refused = await ask(keptAlive, '/v1/files');
    expect(refused.status).toBe(503);
    expect(refused.body).toContain('"code":"draining"');
    expect(headerIn(refused.headerLines, 'connection')).toBe('close');
    expect(headerIn(refused.headerLines, 'retry-after')).toBe('1');

    release.resolve();
    for (const stream of streams) expect(await restOf(stream)).toBe(LAST);
    expect(await child.ended).toEqual({ code: 0, signal: null });
  });

  it('serves on while readiness already says no, for as long as the delay', async () => {
    await start({ delay: NEVER_SECONDS, deadline: 0 });
    child.signal('SIGTERM');
    await eventually(
      async () => ask(await connected(), '/health/ready'),
      ({ status }) => status === 503,
    );
    expect(await ask(await connected(), '/v1/files')).toMatchObject({ status: 200 });
    expect(await ask(await connected(), '/health/live')).toMatchObject({ status: 200 });
  });

  it('closes connections after the replies that begin while it drains', async () => {
    await start({ delay: 0, deadline: NEVER_SECONDS });
    const client = await connected();
    client.send(request('/v1/held'));
    await eventually(
      async () => ask(await connected(), '/health'),
      ({ body }) => body.includes('"in_flight":1'),
    );
    child.signal('SIGTERM');
    await refusal();
    release.resolve();
    const reply = await client.reply();
    expect(reply.body).toBe('{"ok":true}');
    expect(headerIn(reply.headerLines, 'connection')).toBe('close');
    expect(await client.ended()).toBe('end');
    expect(await child.ended).toEqual({ code: 0, signal: null });
  });

  it('answers all that a connection had asked for before it closes that', async () => {
    await start({ delay: 0, deadline: NEVER_SECONDS });
    const client = await connected();
    client.send(request('/v1/held') + request('/v1/files'));
    await eventually(
      async () => ask(await connected(), '/health'),
      ({ body }) => body.includes('"in_flight":2'),
    );
    child.signal('SIGTERM');
    await refusal();
    release.resolve();
    for (let reply = 0; reply < 2; reply++) expect((await client.reply()).status).toBe(200);
    expect(await child.ended).toEqual({ code: 0, signal: null });
  });

  it.each(['/health/live', '/metrics', '/analytics/summary', '/health/nothing'])(
    'closes the connection after a reply of its own too: %s',
    async (path) => {
      await start({ delay: 0, deadline: NEVER_SECONDS });
      const stream = await openStream();
      const [before, asking] = [await connected(), await connected()];
      const told = async (client: RawClient): Promise<string | null> =>
        headerIn((await ask(client, path)).headerLines, 'connection');
      expect(await told(before)).toBe('keep-alive');
      child.signal('SIGTERM');
      await refusal();
      expect(await told(asking)).toBe('close');
      expect(await asking.ended()).toBe('end');
      release.resolve();
      expect(await restOf(stream)).toBe(LAST);
    },
  );

  it('waits for no connection that is idle, has said nothing, or half a request', async () => {
    await start({ delay: 0, deadline: NEVER_SECONDS });
    const idle = await connected();
    const silent = await connected();
    const slow = await connected();
    slow.send('GET /v1/files HTTP/1.1\r\nHost: gate');
    // Its answer shows that what was sent before has arrived.
    await ask(idle, '/v1/files');
    child.signal('SIGTERM');
    expect(await child.ended).toEqual({ code: 0, signal: null });
    await idle.ended();
    await silent.ended();
    await slow.ended();
  });

  it('waits for no client that keeps its side open after it was refused', async () => {
    await start({ delay: 0, deadline: NEVER_SECONDS });
    const refused = await connected({ allowHalfOpen: true });
    refused.send('CONNECT elsewhere.test:443 HTTP/1.1\r\nHost: elsewhere.test\r\n\r\n');
    expect((await refused.reply()).status).toBe(405);
    child.signal('SIGTERM');
    expect(await child.ended).toEqual({ code: 0, signal: null });
  });

  it('ends what still runs at the deadline, in the words of its client', async () => {
    await start({ delay: 0, deadline: 1 }, { max_in_flight: 3 });
    const stream = await openStream();
    const raw = await connected();
    raw.send(request('/v1/bytes'));
    await raw.reader.until((text) => text.includes('half'));
    const waiting = await connected();
    waiting.send(request('/v1/held'));
    await eventually(
      async () => ask(await connected(), '/health'),
      ({ body }) => body.includes('"in_flight":3'),
    );
    const queued = await connected();
    queued.send(request('/v1/files'));
    await eventually(
      async () => ask(await connected(), '/health'),
      ({ body }) => body.includes('"in_flight":4'),
    );
    child.signal('SIGTERM');
    const rest = await restOf(stream);
    expect(rest).toContain('data: {"error":');
    expect(rest).toContain('"code":"draining"');
    for (const client of [waiting, queued]) {
      const reply = await client.reply();
      expect([reply.status, headerIn(reply.headerLines, 'connection')]).toEqual([503, 'close']);
      expect(reply.body).toContain('"code":"draining"');
    }
    await expect(raw.reply()).rejects.toThrow('the connection ended');
    expect(await child.ended).toEqual({ code: 0, signal: null });
    const ends = child
      .logged()
      .filter(({ msg, path }) => msg === 'exchange finished' && String(path).startsWith('/v1/'))
      .map(({ path, outcome, error_code: code, attempts }) => ({ path, outcome, code, attempts }));
    expect(ends.toSorted((one, other) => (String(one.path) < String(other.path) ? -1 : 1))).toEqual(
      [
        { path: '/v1/bytes', outcome: 'rejected', code: 'draining', attempts: 1 },
        { path: '/v1/files', outcome: 'rejected', code: 'draining', attempts: 0 },
        { path: '/v1/held', outcome: 'rejected', code: 'draining', attempts: 1 },
        { path: '/v1/streams', outcome: 'rejected', code: 'draining', attempts: 1 },
      ],
    );
  });

  it('leaves the delay out on SIGINT', async () => {
    await start({ delay: NEVER_SECONDS, deadline: NEVER_SECONDS });
    child.signal('SIGINT');
    expect(await child.ended).toEqual({ code: 0, signal: null });
  });

  it('ends at once on a second signal, with 1', async () => {
    await start({ delay: NEVER_SECONDS, deadline: NEVER_SECONDS });
    await openStream();
    child.signal('SIGTERM');
    await eventually(
      async () => ask(await connected(), '/health/ready'),
      ({ status }) => status === 503,
    );
    child.signal('SIGTERM');
    expect(await child.ended).toEqual({ code: 1, signal: null });
  });

  async function streamHeldAtBarrier(turn: UpstreamTurn): Promise<void> {
    await turn.beginStream();
    await turn.chunk(FIRST);
    await release.promise;
    await turn.chunk(LAST);
    await turn.endStream();
  }

  async function start(
    drain: { delay: number; deadline: number },
    more: { max_in_flight?: number } = {},
  ): Promise<void> {
    const health = { path: PROBE_PATH, interval: NEVER_SECONDS };
    child = await startChild({
      config: {
        primary_backends: [{ name: 'local', url: `${upstream.url}/v1`, health, ...more }],
        settings: { listen: '127.0.0.1:0', drain, queue: { max: 1, timeout: NEVER_SECONDS } },
      },
    });
  }

  async function connected(options?: RawClientOptions): Promise<RawClient> {
    const client = await RawClient.connect(child.url, options);
    clients.push(client);
    return client;
  }

  function ask(client: RawClient, path: string): ReturnType<RawClient['reply']> {
    client.send(request(path));
    return client.reply();
  }

  /** Opens a stream and waits for its first event. */
  async function openStream(): Promise<RawClient> {
    const client = await connected();
    client.send(STREAM);
    await client.head();
    expect(await client.chunk()).toBe(FIRST);
    return client;
  }

  /** Waits until new connections are refused. */
  async function refusal(): Promise<void> {
    const { hostname, port } = new URL(child.url);
    await eventually(
      async () => {
        const socket = connect(Number(port), hostname);
        const [error] = (await Promise.race([
          once(socket, 'connect'),
          new Promise((resolve) =>
            socket.once('error', (refused) => {
              resolve([refused]);
            }),
          ),
        ])) as [NodeJS.ErrnoException | undefined];
        socket.destroy();
        return error?.code;
      },
      (code) => code === 'ECONNREFUSED',
    );
  }
});

function request(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: gateway\r\n\r\n`;
}

async function restOf(stream: RawClient): Promise<string> {
  let rest = '';
  for (;;) {
    const chunk = await stream.chunk();
    if (chunk === '') return rest;
    rest += chunk;
  }
}
