import { describe, expect, it } from '@jest/globals';
import { Secret } from '../../src/config/secret.js';
import { chatText, requestText } from '../support/client/http-text.js';
import { headerIn } from '../support/client/raw-client.js';
import { useScenes } from '../support/gateway/scene.js';
import { deferred } from '../support/time/deferred.js';

const ODD_JSON =
  '{"model":"m", "messages":[{"role":"user","content":"\\u0000 é 🌍"}],"a":1.0,"b":9223372036854775808,' +
  '"a" :  1e2,"a":-0.0, "z":"\\u00e9"}';

const { scene } = useScenes();

describe('bytes', () => {
  it('carries odd JSON to the backend and back without changing a byte', async () => {
    let received = '';
    const { client } = await scene(async (turn) => {
      received = await turn.body();
      const length = Buffer.byteLength(ODD_JSON);
      await turn.write(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n`);
      await turn.write(Buffer.from(`Content-Length: ${length}\r\n\r\n${ODD_JSON}`));
    });
    const sender = await client();
    sender.send(chatText(ODD_JSON));
    const reply = await sender.reply();
    const bytes = Buffer.from(ODD_JSON).toString('latin1');
    expect(reply.status).toBe(200);
    expect(received).toBe(bytes);
    expect(reply.body).toBe(bytes);
  });

  it('passes a compressed reply on as it is', async () => {
    const { client } = await scene(async (turn) => {
      await turn.write(
        'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x00\xff',
      );
    });
    const sender = await client();
    sender.send(requestText('GET /v1/models', { headers: ['Accept-Encoding: gzip'] }));
    const reply = await sender.reply();
    expect(headerIn(reply.headerLines, 'content-encoding')).toBe('gzip');
    expect(reply.body).toBe('\x1f\x8b\x00\xff');
  });

  it('streams a body of unknown length to the backend in chunks', async () => {
    let received = '';
    const { client, upstream } = await scene(async (turn) => {
      received = await turn.body();
      await turn.json('{}');
    });
    const sender = await client();
    sender.send(
      requestText('POST /v1/files', {
        headers: ['Transfer-Encoding: chunked', 'Content-Type: multipart/form-data; boundary=b'],
      }),
    );
    sender.send('5\r\nhello\r\n');
    sender.send('6\r\n world\r\n0\r\n\r\n');
    expect((await sender.reply()).status).toBe(200);
    expect(received).toBe('hello world');
    expect(upstream.requests[0]?.header('transfer-encoding')).toBe('chunked');
  });

  it('keeps the length of an upload that announces one', async () => {
    const { client, upstream } = await scene((turn) => turn.json('{}'));
    const sender = await client();
    sender.send(requestText('POST /v1/files', { body: 'some file' }));
    expect((await sender.reply()).status).toBe(200);
    expect(upstream.requests[0]?.header('content-length')).toBe('9');
    expect(upstream.requests[0]?.header('transfer-encoding')).toBe(null);
  });
});

describe('replies', () => {
  it.each([
    ['401 Unauthorized', 401, '{"error":{"message":"wrong key","code":"invalid_api_key"}}'],
    ['429 Too Many Requests', 429, '{"error": "slow down"}'],
    ['500 Internal Server Error', 500, 'not even JSON'],
    ['503 Service Unavailable', 503, '{}'],
  ])('passes an upstream %s on as it is', async (status, code, body) => {
    const { client, gateway } = await scene((turn) =>
      turn.json(body, { status, headers: 'Retry-After: 7\r\n' }),
    );
    const sender = await client();
    sender.send(chatText());
    const reply = await sender.reply();
    expect(reply.status).toBe(code);
    expect(reply.body).toBe(body);
    expect(headerIn(reply.headerLines, 'retry-after')).toBe('7');
    expect((await gateway.nextFinished()).outcome).toBe('completed');
  });

  it('passes a redirect on and follows none', async () => {
    const { client, upstream } = await scene((turn) =>
      turn.json('', {
        status: '307 Temporary Redirect',
        headers: 'Location: http://elsewhere/\r\n',
      }),
    );
    const sender = await client();
    sender.send(requestText('GET /v1/files/f/content'));
    const reply = await sender.reply();
    expect(reply.status).toBe(307);
    expect(headerIn(reply.headerLines, 'location')).toBe('http://elsewhere/');
    expect(upstream.requests).toHaveLength(1);
  });

  it('answers HEAD with the length and without a body', async () => {
    const { client } = await scene((turn) =>
      turn.write('HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n'),
    );
    const sender = await client();
    sender.send(requestText('HEAD /v1/files/f/content'));
    const reply = await sender.head();
    expect(headerIn(reply.headerLines, 'content-length')).toBe('1234');
    sender.send(requestText('HEAD /v1/files/f/content'));
    expect((await sender.head()).status).toBe(200);
  });

  it('answers 204 without a length or a body', async () => {
    const { client } = await scene((turn) =>
      turn.write('HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n'),
    );
    const sender = await client();
    sender.send(requestText('DELETE /v1/files/f'));
    const reply = await sender.head();
    expect(reply.status).toBe(204);
    expect(headerIn(reply.headerLines, 'content-length')).toBe(null);
    expect(headerIn(reply.headerLines, 'transfer-encoding')).toBe(null);
    sender.send(requestText('DELETE /v1/files/f'));
    expect((await sender.head()).status).toBe(204);
  });

  it('drops informational replies and trailers', async () => {
    const { client } = await scene(async (turn) => {
      await turn.write('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n');
      await turn.write('HTTP/1.1 200 OK\r\nTrailer: x-sum\r\nTransfer-Encoding: chunked\r\n\r\n');
      await turn.write('2\r\nhi\r\n0\r\nx-sum: 1\r\n\r\n');
    });
    const sender = await client();
    sender.send(requestText('GET /v1/models'));
    const reply = await sender.reply();
    expect(reply.status).toBe(200);
    expect(reply.body).toBe('hi');
    expect(headerIn(reply.headerLines, 'link')).toBe(null);
    expect(headerIn(reply.headerLines, 'trailer')).toBe(null);
    expect(sender.reader.received).toBe('');
  });
});

describe('header fields', () => {
  it('keeps order, case and duplicates of the request', async () => {
    const { client, upstream } = await scene((turn) => turn.json('{}'));
    const sender = await client();
    const headers = ['X-B: 1', 'x-a: 2', 'X-B: 3', 'Cookie: a=1', 'Authorization: Bearer client'];
    sender.send(requestText('GET /v1/models', { headers }));
    await sender.reply();
    expect(upstream.requests[0]?.headerLines.slice(2, 7)).toEqual(headers);
  });

  it('keeps order, case and duplicates of the reply', async () => {
    const { client } = await scene((turn) =>
      turn.json('{}', { headers: 'Set-Cookie: a\r\nX-B: 1\r\nset-cookie: b\r\nx-b: 2\r\n' }),
    );
    const sender = await client();
    sender.send(requestText('GET /v1/models'));
    const { headerLines } = await sender.reply();
    expect(headerLines.slice(0, 6)).toEqual([
      'Content-Type: application/json',
      'Content-Length: 2',
      'Set-Cookie: a',
      'X-B: 1',
      'set-cookie: b',
      'x-b: 2',
    ]);
  });

  it.each([
    ['GET', 'Content-Length: 2', '{}'],
    ['GET', 'Transfer-Encoding: chunked', '2\r\n{}\r\n0\r\n\r\n'],
    ['HEAD', 'Content-Length: 2', ''],
  ])(
    'keeps bytes beyond ASCII in a reply to %s whose head comes first, %s',
    async (method, line, body) => {
      const seen = deferred();
      const { client } = await scene(async (turn) => {
        await turn.write(`HTTP/1.1 200 OK\r\nX-Name: caf\xe9 \xa0\xff\r\n${line}\r\n\r\n`);
        await seen.promise;
        await turn.write(body);
      });
      const sender = await client();
      sender.send(requestText(`${method} /v1/models`));
      const { headerLines } = await sender.head();
      expect(headerLines[0]).toBe('X-Name: caf\xe9 \xa0\xff');
      seen.resolve();
      await sender.reader.until((received) => received.includes(body === '' ? '' : '{}'));
    },
  );

  it('keeps hop-by-hop fields of the request, and those that Connection names, to itself', async () => {
    const { client, upstream } = await scene((turn) => turn.json('{}'));
    const sender = await client();
    const hopByHop = ['Keep-Alive: 5', 'TE: trailers', 'Upgrade: h2c', 'Proxy-Connection: x'];
    const headers = ['Connection: x-private, upgrade', 'X-Private: 1', ...hopByHop, 'X-Public: 2'];
    sender.send(requestText('GET /v1/models', { headers }));
    expect((await sender.reply()).status).toBe(200);
    const [request] = upstream.requests;
    for (const name of ['x-private', 'keep-alive', 'te', 'upgrade', 'proxy-connection']) {
      expect([name, request?.header(name)]).toEqual([name, null]);
    }
    expect(request?.header('x-public')).toBe('2');
  });

  it('keeps hop-by-hop fields of the reply, and those that Connection names, to itself', async () => {
    const { client } = await scene((turn) =>
      turn.json('{}', { headers: 'Connection: x-private\r\nX-Private: 1\r\nUpgrade: h2c\r\n' }),
    );
    const sender = await client();
    sender.send(requestText('GET /v1/models'));
    const { headerLines } = await sender.reply();
    expect(headerIn(headerLines, 'x-private')).toBe(null);
    expect(headerIn(headerLines, 'upgrade')).toBe(null);
  });

  it('appends where the request came from', async () => {
    const { client, upstream } = await scene((turn) => turn.json('{}'));
    const sender = await client();
    const headers = ['X-Forwarded-For: 10.0.0.9', 'X-Forwarded-Proto: https'];
    sender.send(requestText('GET /v1/models', { headers }));
    await sender.reply();
    const forwarded = upstream.requests[0]?.headerLines.filter((line) => /^x-forw/i.test(line));
    expect(forwarded).toEqual([
      'X-Forwarded-For: 10.0.0.9',
      'X-Forwarded-Proto: https',
      'X-Forwarded-For: 127.0.0.1',
      'X-Forwarded-Proto: http',
      'X-Forwarded-Host: localhost',
    ]);
  });

  it("sends the backend its own Host, key and header fields in place of the client's", async () => {
    const { client, upstream } = await scene((turn) => turn.json('{}'), {
      backend: { apiKey: new Secret('own'), headers: [['x-team', new Secret('a')]] },
    });
    const sender = await client();
    const headers = ['Authorization: Bearer client', 'X-Team: b', 'X-Sluice-Reasoning: strip'];
    sender.send(requestText('GET /v1/models', { headers }));
    await sender.reply();
    const [request] = upstream.requests;
    expect(request?.header('host')).toBe(`127.0.0.1:${upstream.port}`);
    const ours = request?.headerLines.filter((line) => /^(auth|x-team|x-sluice)/i.test(line));
    expect(ours).toEqual(['Authorization: Bearer own', 'x-team: a']);
  });

  it('sends one Authorization, that of the header fields, to a backend that has a key as well', async () => {
    const { client, upstream } = await scene((turn) => turn.json('{}'), {
      backend: { apiKey: new Secret('own'), headers: [['AUTHORIZATION', new Secret('Basic own')]] },
    });
    const sender = await client();
    const headers = ['Authorization: Bearer client'];
    sender.send(requestText('GET /v1/models', { headers }));
    await sender.reply();
    const lines = upstream.requests[0]?.headerLines ?? [];
    expect(lines.filter((line) => /^auth/i.test(line))).toEqual(['AUTHORIZATION: Basic own']);
  });

  it("keeps no other key of the client's beside the backend's own", async () => {
    const headers = ['api-key: azure', 'X-Api-Key: anthropic', 'X-Api-Version: 1'];
    const keys = { apiKey: new Secret('own') };
    for (const [backend, forwarded] of [
      [{}, headers],
      [keys, ['X-Api-Version: 1']],
      [
        { ...keys, headers: [['api-key', new Secret('own')]] },
        ['X-Api-Version: 1', 'api-key: own'],
      ],
    ] as const) {
      const { client, upstream } = await scene((turn) => turn.json('{}'), { backend });
      const sender = await client();
      sender.send(requestText('GET /v1/models', { headers }));
      await sender.reply();
      const lines = upstream.requests[0]?.headerLines ?? [];
      expect(lines.filter((line) => /api-/i.test(line))).toEqual(forwarded);
    }
  });
});

describe('request ids', () => {
  it('accepts a well-formed id, sends it upstream and returns it', async () => {
    const { client, upstream, gateway } = await scene((turn) =>
      turn.json('{}', { headers: 'X-Request-Id: up-1\r\n' }),
    );
    const sender = await client();
    sender.send(requestText('GET /v1/models', { headers: ['X-Request-Id: mine.1'] }));
    const { headerLines } = await sender.reply();
    expect(upstream.requests[0]?.header('x-request-id')).toBe('mine.1');
    expect(headerIn(headerLines, 'x-request-id')).toBe('mine.1');
    expect(headerIn(headerLines, 'x-upstream-request-id')).toBe('up-1');
    expect((await gateway.nextFinished()).id).toBe('mine.1');
  });

  it("makes an id where the client's is malformed", async () => {
    const { client, upstream } = await scene((turn) => turn.json('{}'));
    const sender = await client();
    sender.send(requestText('GET /v1/models', { headers: ['X-Request-Id: not well formed'] }));
    const { headerLines } = await sender.reply();
    const id = headerIn(headerLines, 'x-request-id');
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(upstream.requests[0]?.header('x-request-id')).toBe(id);
  });

  it("keeps a backend's own word on backend and attempts from the client", async () => {
    const { client } = await scene((turn) =>
      turn.json('{}', { headers: 'X-Sluice-Backend: inner\r\nx-sluice-attempts: 9\r\n' }),
    );
    const sender = await client();
    sender.send(requestText('GET /v1/models'));
    const { headerLines } = await sender.reply();
    const told = headerLines.filter((line) => /^x-sluice-/i.test(line));
    expect(told).toEqual(['x-sluice-backend: local', 'x-sluice-attempts: 1']);
  });

  it('says which backend answered, at which attempt', async () => {
    const { client } = await scene((turn) => turn.json('{}'), { backend: { name: 'gpu-1' } });
    const sender = await client();
    sender.send(requestText('GET /v1/models'));
    const { headerLines } = await sender.reply();
    expect(headerIn(headerLines, 'x-sluice-backend')).toBe('gpu-1');
    expect(headerIn(headerLines, 'x-sluice-attempts')).toBe('1');
  });
});
