import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { backend, configOf } from '../support/gateway/config.js';
import { type Gateway, startGateway } from '../support/gateway/gateway.js';
import { eventually } from '../support/time/eventually.js';

interface Answer {
  readonly status: number;
  readonly body: { readonly status: string; readonly details: Record<string, { status: string }> };
}

describe('health', () => {
  let servers: Server[];
  let gateway: Gateway;

  beforeEach(() => {
    servers = [];
  });

  afterEach(async () => {
    await gateway.close();
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }
  });

  it('is ok when its backend answers', async () => {
    const UP = {
      status: 'up',
      latency_ms: expect.any(Number),
      last_error: null,
      breaker: 'closed',
      in_flight: 0,
    };
    await start({ local: await serverThat(200) });
    expect(await judged('/health')).toEqual({
      status: 200,
      body: {
        status: 'ok',
        info: { local: UP },
        error: {},
        details: { local: UP },
        in_flight: 0,
        draining: false,
        config: { status: 'ok', faults: [] },
        analytics: { status: 'off', lag_seconds: 0, sinks: {} },
      },
    });
    expect(await ask('/health/ready')).toEqual({
      status: 200,
      body: { status: 'ok', draining: false },
    });
  });

  it.each(['/health', '/health/ready', '/health/live', '/metrics'])(
    'answers HEAD %s like GET, without the body',
    async (path) => {
      await start({ local: await serverThat(200) });
      const reply = await fetch(`${gateway.url}${path}`, { method: 'HEAD' });
      expect(reply.status).toBe(200);
      expect(await reply.text()).toBe('');
    },
  );

  it('takes a backend that wants a key for one that is up', async () => {
    await start({ local: await serverThat(401) });
    expect((await judged('/health')).body.details.local?.status).toBe('up');
  });

  it('is degraded, but ready, while one of two backends is down', async () => {
    await start({ good: await serverThat(200), bad: await serverThat(500) });
    expect(await judged('/health')).toMatchObject({
      status: 200,
      body: {
        status: 'degraded',
        info: { good: { status: 'up' } },
        error: { bad: { status: 'down', last_error: 'Request failed with status code 500' } },
      },
    });
    expect(await ask('/health/ready')).toMatchObject({ status: 200 });
  });

  it('is alive, but not ready, when every backend is down', async () => {
    await start({ a: await serverThat(500), b: await serverThat(503) });
    expect(await judged('/health')).toMatchObject({ status: 503, body: { status: 'error' } });
    expect(await ask('/health/ready')).toMatchObject({ status: 503, body: { status: 'error' } });
    expect(await ask('/health/live')).toEqual({ status: 200, body: { status: 'ok' } });
  });

  it('lets a backend that says nothing delay no answer', async () => {
    const probed = Promise.withResolvers<undefined>();
    await start({
      mute: await listening(
        createServer(() => {
          probed.resolve(undefined);
        }),
      ),
    });
    await probed.promise;
    expect(await ask('/health')).toMatchObject({
      status: 200,
      body: { details: { mute: { status: 'unknown' } } },
    });
    expect(await ask('/health/ready')).toMatchObject({ status: 200 });
  });

  it('notices that a backend came back', async () => {
    let status = 500;
    const server = createServer((_, response) => response.writeHead(status).end());
    await start({ local: await listening(server) }, { intervalMs: 20 });
    expect((await judged('/health')).status).toBe(503);
    status = 200;
    await eventually(
      () => ask('/health/ready'),
      (answer) => answer.status === 200,
    );
  });

  it('answers an unknown path below it with 404, and forwards nothing', async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer(({ url }, response) => {
      seen.push(url);
      response.end();
    });
    await start({ local: await listening(server) });
    await judged('/health');
    const reply = await fetch(`${gateway.url}/health/other`);
    expect(reply.status).toBe(404);
    expect(await reply.json()).toMatchObject({ error: { code: 'not_found' } });
    expect(seen).toEqual(['/v1/models']);
  });

  async function start(
    ports: Record<string, number>,
    { intervalMs = 600_000 } = {},
  ): Promise<void> {
    const backends = Object.entries(ports).map(([name, port]) =>
      backend(`http://127.0.0.1:${port}`, { name, health: { path: '/models', intervalMs } }),
    );
    gateway = await startGateway(configOf(backends));
  }

  async function serverThat(status: number): Promise<number> {
    return listening(createServer((_, response) => response.writeHead(status).end()));
  }

  async function listening(server: Server): Promise<number> {
    servers.push(server.listen(0, '127.0.0.1'));
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  /** Asks once every backend has been judged. */
  function judged(path: string): Promise<Answer> {
    return eventually(
      () => ask(path),
      ({ body }) => Object.values(body.details).every(({ status }) => status !== 'unknown'),
    );
  }

  async function ask(path: string): Promise<Answer> {
    const reply = await fetch(gateway.url + path);
    return { status: reply.status, body: (await reply.json()) as Answer['body'] };
  }
});
