import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { RawClient } from '../support/client/raw-client.js';
import { type ChildGateway, startChild } from '../support/gateway/child-gateway.js';
import {
  PROBE_PATH,
  type ScriptedUpstream,
  startUpstream,
} from '../support/upstream/scripted-upstream.js';

// Each test starts a process of its own.
jest.setTimeout(30_000);

describe('logging', () => {
  let upstream: ScriptedUpstream;
  let child: ChildGateway;

  beforeEach(async () => {
    upstream = await startUpstream((turn) => turn.json('{"ok":true}'));
  });

  afterEach(async () => {
    await child.dispose();
    await upstream.close();
  });

  it('writes one line for an exchange, without its query', async () => {
    await start();
    await exchange('/v1/files?purpose=answers', 'x-request-id: my-id\r\n');
    expect(await logged('exchange finished')).toEqual([
      {
        level: 'info',
        time: expect.any(String),
        msg: 'exchange finished',
        id: 'my-id',
        method: 'GET',
        path: '/v1/files',
        backend: 'local',
        model: null,
        requested_model: null,
        status: 200,
        outcome: 'completed',
        error_code: null,
        stream: false,
        headers_ms: expect.any(Number),
        first_byte_ms: expect.any(Number),
        total_ms: expect.any(Number),
        bytes_in: 0,
        bytes_out: 11,
        attempts: 1,
      },
    ]);
  });

  it('writes bodies where it is told to, without keys, and else none', async () => {
    const key = 'sk-sentinel-of-the-client';
    const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: `my ${key}` }] });
    await start({}, { log: { bodies: true } });
    await chat(body, `Authorization: Bearer ${key}\r\n`);
    expect(await logged('exchange bodies')).toEqual([
      {
        level: 'info',
        time: expect.any(String),
        context: 'Bodies',
        msg: 'exchange bodies',
        id: expect.any(String),
        request: body.replace(key, '[redacted]'),
        reply: '{"ok":true}',
      },
    ]);
    await child.dispose();
    await start({}, { log: { bodies: false } });
    await chat(body);
    expect(await logged('exchange finished')).toHaveLength(1);
    expect(child.output()).not.toContain('messages');
  });

  it('warns of an exchange whose backend failed', async () => {
    await start();
    upstream.become((turn) => {
      turn.reset();
    });
    await exchange('/v1/files');
    expect(await logged('exchange finished')).toMatchObject([
      { level: 'warn', status: 502, outcome: 'upstream_failed' },
    ]);
  });

  it('warns of a CONNECT, which never becomes an exchange, under the id of its client', async () => {
    await start();
    await send('CONNECT elsewhere.test:443 HTTP/1.1\r\nHost: a\r\nx-request-id: my-id\r\n\r\n');
    expect(await logged('request refused')).toMatchObject([
      { level: 'warn', id: 'my-id', status: 405, error_code: 'method_not_allowed' },
    ]);
  });

  it('says where it listens and to whom it forwards, and nothing of the routes that Nest maps', async () => {
    const url = `${upstream.url}/v1`;
    child = await startChild({
      config: {
        primary_backends: [{ name: 'local', url, health: { path: PROBE_PATH, interval: 600 } }],
        fallback_backends: [{ name: 'spare', url, health: { path: PROBE_PATH, interval: 600 } }],
        settings: { listen: '0.0.0.0:0' },
      },
    });
    const { port } = new URL(child.url);
    expect(await logged('listening')).toMatchObject([
      { listen: `0.0.0.0:${port}`, url: `http://127.0.0.1:${port}`, backends: ['local', 'spare'] },
    ]);
    expect(child.output()).not.toContain('RouterExplorer');
  });

  it('writes nothing but JSON lines where nobody watches', async () => {
    await start();
    await exchange('/v1/files');
    await stop();
    const lines = child.output().trimEnd().split('\n');
    expect(child.logged()).toHaveLength(lines.length);
  });

  it('tells more with DEBUG=true', async () => {
    await start({ DEBUG: 'true' });
    await exchange('/v1/files');
    expect(await logged('exchange finished')).toMatchObject([{ rewritten: false }]);
    expect(child.output()).toContain('RouterExplorer');
  });

  async function start(env: Record<string, string> = {}, settings: object = {}): Promise<void> {
    const health = { path: PROBE_PATH, interval: 600 };
    child = await startChild({
      config: {
        primary_backends: [{ name: 'local', url: `${upstream.url}/v1`, health }],
        settings: { listen: '127.0.0.1:0', ...settings },
      },
      env,
    });
  }

  async function exchange(target: string, headers = ''): Promise<void> {
    await send(`GET ${target} HTTP/1.1\r\nHost: gateway\r\n${headers}\r\n`);
  }

  async function chat(body: string, headers = ''): Promise<void> {
    const head = `POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\n${headers}`;
    await send(`${head}Content-Length: ${body.length}\r\n\r\n${body}`);
  }

  async function send(request: string): Promise<void> {
    const client = await RawClient.connect(child.url);
    client.send(request);
    await client.reply();
    client.close();
  }

  async function stop(): Promise<void> {
    child.signal('SIGINT');
    await child.ended;
  }

  /** Every line with this sentence, once all are written, which they are when the process ends. */
  async function logged(sentence: string): Promise<Record<string, unknown>[]> {
    await stop();
    return child.logged().filter(({ msg }) => msg === sentence);
  }
});
