import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { RawClient, type RawReply } from '../support/client/raw-client.js';
import { type ChildGateway, startChild } from '../support/gateway/child-gateway.js';
import {
  type ScriptedUpstream,
  startUpstream,
  type UpstreamTurn,
} from '../support/upstream/scripted-upstream.js';

// Each test starts a process of its own.
jest.setTimeout(30_000);

/** Stands for every key there is: nothing that Sluice says may contain it. */
const SENTINEL = 'sk-sentinel-7f3a9c';

/** Keys of the configuration, or the client's that is passed on. */
type Keys = 'own' | 'passed';

const TRACE = { listen: '127.0.0.1:0', log: { level: 'trace' }, drain: { delay: 0 } };

describe('secrets', () => {
  let upstream: ScriptedUpstream;
  let vacantPort: number;
  let plain: Server;
  let child: ChildGateway;
  let said: string;

  beforeEach(async () => {
    said = '';
    upstream = await startUpstream(answerByModel);
    const vacant = await startUpstream(() => undefined);
    vacantPort = vacant.port;
    await vacant.close();
    plain = createServer((socket) => {
      socket.on('error', () => socket.destroy()).resume();
      socket.end('no TLS is spoken here');
    });
    plain.listen(0, '127.0.0.1');
    await once(plain, 'listening');
  });

  afterEach(async () => {
    await upstream.close();
    plain.close();
    await once(plain, 'close');
  });

  it.each<Keys>(['own', 'passed'])('that are %s never come out, whatever happens', async (keys) => {
    child = await startChild({ config: { primary_backends: backends(keys), settings: TRACE } });
    try {
      expect(await post('{"model":"good","messages":[{"role":"user","content":"hi"}]}')).toBe(200);
      expect(await post('{"model":"unauthorized","messages":[{}]}')).toBe(401);
      expect(await post('{"model":"vacant","messages":[{}]}')).toBe(502);
      expect(await post('{"model":"not-tls","messages":[{}]}')).toBe(502);
      expect(await post('{"model":"silent","messages":[{}]}')).toBe(504);
      expect(await post('{"model":"garbage","messages":[{}]}')).toBe(502);
      expect(await post('{"model":"unknown","messages":[{}]}')).toBe(404);
      expect(await post('{"model":')).toBe(400);
      await streamThatBreaks();
      await requestThatIsNone();
      await ask('/health', '/health/ready', '/metrics');
    } finally {
      await stop();
    }
    expect(upstream.requests.some((seen) => seen.header('authorization')?.includes(SENTINEL))).toBe(
      true,
    );
    expectSilence();
  });

  it('of OPENAI_API_KEY never come out', async () => {
    child = await startChild({
      config: { settings: TRACE },
      env: { UPSTREAM: `http://127.0.0.1:${vacantPort}/v1`, OPENAI_API_KEY: SENTINEL },
    });
    try {
      expect(await post('{"model":"any","messages":[{}]}')).toBe(502);
      await ask('/health', '/metrics');
    } finally {
      await stop();
    }
    expectSilence();
  });

  it.each([
    ['a URL with a password', { url: `http://user:${SENTINEL}@127.0.0.1:1/v1` }],
    ['a URL that is none', { url: `http//${SENTINEL}` }],
    ['a key with a line break', { api_key: `${SENTINEL}\r\nx: y` }],
    ['a header with a line break', { headers: { 'x-key': `${SENTINEL}\n` } }],
    ['a key of the wrong type', { api_key: [SENTINEL] }],
  ])('are not printed when the configuration is refused for %s', async (_what, fault) => {
    const backend = { name: 'local', url: `http://127.0.0.1:${vacantPort}/v1`, ...fault };
    const refused = startChild({ config: { primary_backends: [backend], settings: TRACE } });
    const reason = await refused.then(
      () => 'it started',
      (error: unknown) => String(error),
    );
    expect(reason).toContain('primary_backends[0]');
    expect(reason).not.toContain(SENTINEL);
  });

  function backends(keys: Keys): object[] {
    const secrets = keys === 'own' ? { api_key: SENTINEL, headers: { 'x-key': SENTINEL } } : {};
    const at = (model: string, url: string): object => ({
      ...{ name: model, url, models: [model], timeout: 1, ...secrets },
    });
    return [
      at('vacant', `http://127.0.0.1:${vacantPort}/v1`),
      at('not-tls', `https://127.0.0.1:${(plain.address() as AddressInfo).port}/v1`),
      ...['good', 'unauthorized', 'silent', 'garbage', 'broken'].map((model) =>
        at(model, `${upstream.url}/v1`),
      ),
    ];
  }

  async function post(body: string): Promise<number> {
    const client = await RawClient.connect(child.url);
    client.send(requestHead('POST', '/v1/chat/completions', body.length) + body);
    const { status } = await heard(client.reply());
    client.close();
    return status;
  }

  async function streamThatBreaks(): Promise<void> {
    const body = '{"model":"broken","stream":true,"messages":[{}]}';
    const client = await RawClient.connect(child.url);
    client.send(requestHead('POST', '/v1/chat/completions', body.length) + body);
    const { body: events } = await heard(client.reply());
    expect(events).toContain('data: {"error":');
    client.close();
  }

  async function requestThatIsNone(): Promise<void> {
    const client = await RawClient.connect(child.url);
    client.send(`GET / HTTP/1.1\r\nAuthorization: Bearer ${SENTINEL}\r\nno field\r\n\r\n`);
    expect((await heard(client.reply())).status).toBe(400);
    client.close();
  }

  async function ask(...paths: string[]): Promise<void> {
    for (const path of paths) {
      const client = await RawClient.connect(child.url);
      client.send(requestHead('GET', path, 0));
      await heard(client.reply());
      client.close();
    }
  }

  async function heard(reply: Promise<RawReply>): Promise<RawReply> {
    const { headerLines, body, ...rest } = await reply;
    said += headerLines.join('\n') + body;
    return { headerLines, body, ...rest };
  }

  async function stop(): Promise<void> {
    child.signal('SIGTERM');
    await child.ended;
    said += child.output();
    await child.dispose();
  }

  function expectSilence(): void {
    // Without the lines of the exchanges there would be nothing to look through.
    expect(said).toContain('"exchange finished"');
    expect(said).not.toContain(SENTINEL);
    expect(said).not.toContain(Buffer.from(SENTINEL).toString('base64').slice(0, -2));
  }
});

function requestHead(method: string, path: string, length: number): string {
  return [
    `${method} ${path}?api-key=${SENTINEL} HTTP/1.1`,
    'Host: gateway',
    `Authorization: Bearer ${SENTINEL}`,
    `Content-Length: ${length}`,
    '\r\n',
  ].join('\r\n');
}

async function answerByModel(turn: UpstreamTurn): Promise<void> {
  if (turn.request.method === 'GET') {
    await turn.json('{"data":[]}');
    return;
  }
  const { model } = JSON.parse(await turn.body()) as { model: string };
  switch (model) {
    case 'good':
      await turn.write('HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"ok":true}');
      return;
    case 'unauthorized':
      await turn.write('HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\n{}');
      return;
    case 'silent':
      await turn.closed();
      return;
    case 'broken':
      await turn.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n');
      await turn.write('Transfer-Encoding: chunked\r\n\r\n');
      await turn.chunk('data: {"choices":[]}\n\n');
      turn.reset();
      return;
    default:
      await turn.write('220 this is no HTTP server\r\n\r\n');
      turn.socket.end();
  }
}
