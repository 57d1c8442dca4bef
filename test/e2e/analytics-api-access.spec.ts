import { describe, expect, it } from '@jest/globals';
import { Secret } from '../../src/config/secret.js';
import { requestText } from '../support/client/http-text.js';
import { headerIn, type RawClient, type RawReply } from '../support/client/raw-client.js';
import { writtenConfig } from '../support/gateway/config.js';
import { useScenes } from '../support/gateway/scene.js';

const { scene, gatewayWith } = useScenes();

const PATHS = [
  '/analytics/summary',
  '/analytics/series?step=60',
  '/analytics/breakdown?by=model',
  '/analytics/exchanges',
  '/analytics/exchanges/x',
  '/analytics/exchanges.csv',
  '/analytics/exchanges.jsonl',
  '/analytics/openapi.json',
];

const adminKey = new Secret('sentinel-admin-key');

async function ask(
  client: RawClient,
  requestLine: string,
  headers: readonly string[] = [],
): Promise<RawReply> {
  client.send(requestText(requestLine, { headers }));
  return client.reply();
}

function errorOf({ body }: RawReply): Record<string, unknown> {
  return (JSON.parse(body) as { error: Record<string, unknown> }).error;
}

describe('access to the read API', () => {
  it.each([...PATHS, '/analytics', '/analytics/nothing'])(
    'wants the admin key for %s',
    async (path) => {
      const { client } = await scene((turn) => turn.json('{}'), { settings: { adminKey } });
      const raw = await client();
      const reply = await ask(raw, `GET ${path}`);
      expect(reply.status).toBe(401);
      expect(headerIn(reply.headerLines, 'www-authenticate')).toBe('Bearer realm="sluice"');
      expect(errorOf(reply).code).toBe('invalid_api_key');
      expect((await ask(raw, `GET ${path}`, ['Authorization: Bearer wrong'])).status).toBe(401);
      expect((await ask(raw, `DELETE ${path}`)).status).toBe(401);
      const opened = await ask(raw, `GET ${path}`, ['Authorization: Bearer sentinel-admin-key']);
      expect(opened.status).not.toBe(401);
    },
  );

  it.each([
    'X-Forwarded-For: 127.0.0.1',
    'Forwarded: for=127.0.0.1',
    'X-Real-IP: ::1',
    'Via: 1.1 x',
  ])('takes a request with %s for somebody else while no key is set', async (header) => {
    const { client } = await scene((turn) => turn.json('{}'));
    const raw = await client();
    const reply = await ask(raw, 'GET /analytics/openapi.json', [header]);
    expect(reply.status).toBe(401);
    expect(errorOf(reply).message).toContain('settings.admin_key');
    expect((await ask(raw, 'GET /analytics/openapi.json')).status).toBe(200);
  });

  it('takes a name that is not local for one that a web page has pointed here', async () => {
    const { client } = await scene((turn) => turn.json('{}'));
    const raw = await client();
    raw.send('GET /analytics/openapi.json HTTP/1.1\r\nHost: evil.test\r\n\r\n');
    const reply = await raw.reply();
    expect(reply.status).toBe(401);
    expect(errorOf(reply).message).toContain('settings.admin_key');
  });

  it.each(['/health', '/health/live', '/health/ready', '/metrics'])(
    'leaves %s open to everybody',
    async (path) => {
      const { client } = await scene((turn) => turn.json('{}'), { settings: { adminKey } });
      const reply = await ask(await client(), `GET ${path}`, ['X-Forwarded-For: 192.0.2.1']);
      expect(reply.status).toBe(200);
    },
  );

  it.each([
    '/analytics/%73ummary',
    '/analytics/%2e%2e/metrics',
    '/analytics/../metrics',
    '/analytics//summary',
  ])('finds nothing at %s', async (path) => {
    const { client } = await scene((turn) => turn.json('{}'));
    expect((await ask(await client(), `GET ${path}`)).status).toBe(404);
  });

  it.each(['/%61nalytics/summary', '//analytics/summary', '/Analytics/summary'])(
    'leaves %s, which is another path, to the backend',
    async (path) => {
      const { client } = await scene((turn) => turn.json('{"of":"the backend"}'));
      expect((await ask(await client(), `GET ${path}`)).body).toBe('{"of":"the backend"}');
    },
  );
});

describe('the read API over HTTP', () => {
  it.each(PATHS)('refuses to change %s', async (path) => {
    const { client } = await scene((turn) => turn.json('{}'));
    const raw = await client();
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const reply = await ask(raw, `${method} ${path}`);
      expect(reply.status).toBe(405);
      expect(headerIn(reply.headerLines, 'allow')).toBe('GET, HEAD');
      expect(errorOf(reply).code).toBe('method_not_allowed');
    }
  });

  it.each(['/analytics', '/analytics/', '/analytics/nothing', '/analytics/summary/'])(
    'has nothing at %s',
    async (path) => {
      const { client } = await scene((turn) => turn.json('{}'));
      const reply = await ask(await client(), `GET ${path}`);
      expect(reply.status).toBe(404);
      expect(errorOf(reply).code).toBe('not_found');
    },
  );

  it('says what to set where no record can be asked for', async () => {
    const { client } = await scene((turn) => turn.json('{}'));
    const raw = await client();
    for (const path of PATHS.filter((candidate) => !candidate.endsWith('openapi.json'))) {
      const reply = await ask(raw, `GET ${path}`);
      expect(reply.status).toBe(404);
      expect(errorOf(reply).message).toContain('settings.analytics.sinks');
      expect(errorOf(reply).message).toContain('settings.analytics.enabled');
    }
  });

  it.each(PATHS)('answers HEAD for %s as it answers GET where there is no record', async (path) => {
    const { client } = await scene((turn) => turn.json('{}'));
    const { status } = await ask(await client(), `GET ${path}`);
    // Its reply has no body, whatever its fields say of one, so the connection is of no more use.
    const raw = await client();
    raw.send(requestText(`HEAD ${path}`));
    expect((await raw.head()).status).toBe(status);
  });

  it('describes that answer wherever it may be given', async () => {
    const { client } = await scene((turn) => turn.json('{}'));
    const raw = await client();
    const document = JSON.parse((await ask(raw, 'GET /analytics/openapi.json')).body) as {
      paths: Record<string, { get: { responses: object } }>;
    };
    for (const path of PATHS) {
      const route = path.replace(/\?.*$/, '').replace(/\/x$/, '/{id}');
      const { status } = await ask(raw, `GET ${path}`);
      expect(Object.keys(document.paths[route]?.get.responses ?? {})).toContain(String(status));
    }
  });

  it('says that the store is down, and when to ask again', async () => {
    const gateway = await gatewayWith(
      writtenConfig({
        primary_backends: [{ name: 'local', url: 'http://127.0.0.1:1/v1' }],
        settings: {
          analytics: {
            sinks: [{ use: 'postgres', url: 'postgres://u:sentinel@127.0.0.1:1/none' }],
            spool: { path: '/nonexistent/spool' },
          },
        },
      }),
    );
    for (const path of PATHS.filter((candidate) => !candidate.endsWith('openapi.json'))) {
      const response = await fetch(`${gateway.url}${path}`);
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('5');
      const text = await response.text();
      expect(text).toContain('"code":"store_unavailable"');
      expect(text).not.toContain('sentinel');
    }
  });
});
