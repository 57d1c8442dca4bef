import { describe, expect, it } from '@jest/globals';
import { chatText, requestText } from '../support/client/http-text.js';
import { headerIn, type RawClient, type RawReply } from '../support/client/raw-client.js';
import { limits } from '../support/gateway/config.js';
import { useScenes } from '../support/gateway/scene.js';

const { scene } = useScenes();

const REQUEST_ID = /^[0-9a-f-]{36}$/;

async function errorOf(sender: RawClient): Promise<{ reply: RawReply; code: unknown }> {
  const reply = await sender.reply();
  const { error } = JSON.parse(reply.body) as { error: { code: unknown } };
  expect(Object.keys(error)).toEqual(['message', 'type', 'code', 'param']);
  expect(headerIn(reply.headerLines, 'content-type')).toBe('application/json');
  expect(headerIn(reply.headerLines, 'x-request-id')).toMatch(REQUEST_ID);
  return { reply, code: error.code };
}

describe('request targets', () => {
  it.each([
    ['/v1/models?a=%zz&b=//&c=?', '/v1/models?a=%zz&b=//&c=?'],
    ['/v1/files/%zz', '/v1/files/%zz'],
    ['/v1/files/a%2Fb/%2e%2e/c', '/v1/files/a%2Fb/%2e%2e/c'],
    ['//v1//models', '//v1//models'],
    ['/%68ealth', '/%68ealth'],
    ['/health%2Flive', '/health%2Flive'],
    ['/healthy', '/healthy'],
    ['/v1/../metrics', '/v1/../metrics'],
    ['/./health', '/./health'],
    ['/v1/models;x=1', '/v1/models;x=1'],
    ['/forward', '/forward'],
    ['/', '/'],
    ['/?x', '/?x'],
    ['/v1/models#f', '/v1/models#f'],
  ])('forwards %s byte for byte', async (target, upstreamTarget) => {
    const { client, upstream } = await scene((turn) => turn.json('{}'));
    const sender = await client();
    sender.send(requestText(`GET ${target}`));
    expect((await sender.reply()).status).toBe(200);
    expect(upstream.requests[0]?.target).toBe(upstreamTarget);
  });

  it('answers for itself in absolute form too, whatever authority it names', async () => {
    const { client, upstream } = await scene((turn) => turn.json('{}'));
    const raw = await client();
    raw.send('GET http://elsewhere.example/health/live HTTP/1.1\r\nHost: x\r\n\r\n');
    expect((await raw.reply()).status).toBe(200);
    expect(upstream.requests).toEqual([]);
  });

  it.each([
    ['http://elsewhere.test/v1/models?x=1', '/v1/models?x=1'],
    ['HTTP://user@elsewhere.test:99/v1/models', '/v1/models'],
    ['https://elsewhere.test', '/'],
    ['http://elsewhere.test?q', '/?q'],
  ])('serves %s in absolute form and ignores its authority', async (target, upstreamTarget) => {
    const { client, upstream } = await scene((turn) => turn.json('{}'));
    const sender = await client();
    sender.send(requestText(`GET ${target}`));
    expect((await sender.reply()).status).toBe(200);
    expect(upstream.requests[0]?.target).toBe(upstreamTarget);
    expect(upstream.requests[0]?.header('host')).toBe(`127.0.0.1:${upstream.port}`);
  });

  it.each(['/health/nothing', '/health//', '/health/%zz', '/metrics/x', '/analytics?x=1'])(
    'answers %s itself: nothing is there',
    async (target) => {
      const { client, upstream } = await scene((turn) => turn.json('{}'));
      const sender = await client();
      sender.send(requestText(`GET ${target}`));
      const { reply, code } = await errorOf(sender);
      expect([reply.status, code]).toEqual([404, 'not_found']);
      expect(upstream.requests).toHaveLength(0);
    },
  );

  it.each(['OPTIONS *', 'GET nothing'])('refuses %s with 400', async (requestLine) => {
    const { client } = await scene((turn) => turn.json('{}'));
    const sender = await client();
    sender.send(requestText(requestLine));
    const { reply, code } = await errorOf(sender);
    expect([reply.status, code]).toEqual([400, 'bad_request']);
  });
});

describe('compressed requests', () => {
  it('are refused where they must be read, and told why', async () => {
    const { client, upstream } = await scene((turn) => turn.json('{}'));
    const sender = await client();
    const headers = ['Content-Type: application/json', 'Content-Encoding: gzip'];
    sender.send(requestText('POST /v1/chat/completions', { headers, body: '\u001f{' }));
    const { reply, code } = await errorOf(sender);
    expect([reply.status, code]).toEqual([400, 'invalid_json']);
    expect(reply.body).toContain("in the content coding 'gzip'");
    expect(upstream.requests).toEqual([]);
  });
});

describe('methods', () => {
  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'PURGE', 'QUERY'])(
    'forwards %s',
    async (method) => {
      const { client, upstream } = await scene((turn) => turn.json('{}'));
      const sender = await client();
      sender.send(requestText(`${method} /v1/anything`));
      expect((await sender.reply()).status).toBe(200);
      expect(upstream.requests[0]?.method).toBe(method);
    },
  );

  it.each(['/v1/chat/completions', '/chat/completions'])(
    'forwards what a browser asks before it sends a chat to %s',
    async (path) => {
      const { client, upstream } = await scene((turn) =>
        turn.json('', { status: '204 No Content', headers: 'Access-Control-Allow-Origin: *\r\n' }),
      );
      const sender = await client();
      const headers = ['Origin: http://a.test', 'Access-Control-Request-Method: POST'];
      sender.send(requestText(`OPTIONS ${path}`, { headers }));
      const reply = await sender.reply();
      expect(reply.status).toBe(204);
      expect(headerIn(reply.headerLines, 'access-control-allow-origin')).toBe('*');
      expect(upstream.requests[0]?.header('origin')).toBe('http://a.test');
    },
  );

  it.each(['TRACE /v1/models', 'CONNECT elsewhere.test:443'])(
    'refuses %s with 405',
    async (requestLine) => {
      const { client, upstream } = await scene((turn) => turn.json('{}'));
      const sender = await client();
      sender.send(requestText(requestLine));
      const { reply, code } = await errorOf(sender);
      expect([reply.status, code]).toEqual([405, 'method_not_allowed']);
      expect(headerIn(reply.headerLines, 'allow')).toContain('POST');
      expect(upstream.requests).toHaveLength(0);
    },
  );
});

describe('doubtful framing', () => {
  it.each([
    ['two Host fields', 'GET /v1/models HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n'],
    ['no Host field', 'GET /v1/models HTTP/1.1\r\n\r\n'],
    [
      'a length and chunks',
      'POST /v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'chunks and a length',
      'POST /v1/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n',
    ],
    [
      'two lengths',
      'POST /v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx',
    ],
    [
      'a transfer coding other than chunked',
      'POST /v1/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    ],
    ['no HTTP at all', 'hello\r\n\r\n'],
    ['white space before a colon', 'GET /v1/models HTTP/1.1\r\nHost : a\r\n\r\n'],
  ])('refuses %s with 400 and closes the connection', async (_what, bytes) => {
    const { client, upstream } = await scene((turn) => turn.json('{}'));
    const sender = await client();
    sender.send(bytes);
    const { reply, code } = await errorOf(sender);
    expect([reply.status, code]).toEqual([400, 'bad_request']);
    expect(headerIn(reply.headerLines, 'connection')).toBe('close');
    await sender.ended();
    expect(upstream.requests).toHaveLength(0);
  });

  it.each([
    ...['a b', 'a/b', 'http://a', 'u@a', 'a?b', 'a#b', 'a\\b', '<a>', 'a:80x', 'a:80:90', '::1'],
    ...['[::1', '[]', '[::1]x', '%4', '\xe9', 'a"'],
  ])('refuses the Host %j, which is none', async (host) => {
    const { client, upstream } = await scene((turn) => turn.json('{}'));
    const sender = await client();
    for (const version of ['1.1', '1.0']) {
      const each = await client();
      each.send(`GET /v1/models HTTP/${version}\r\nHost: ${host}\r\n\r\n`);
      const { reply, code } = await errorOf(each);
      expect([reply.status, code]).toEqual([400, 'bad_request']);
    }
    sender.send(`GET /health/live HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    expect((await sender.reply()).status).toBe(400);
    expect(upstream.requests).toHaveLength(0);
  });

  it.each([
    ...['', 'a', 'a:', 'A_b.c-d:8080', '127.0.0.1:80', '[::1]', '[fe80::1%25eth0]:8080', '[v1.a]'],
    ...['a%C3%A9', "a~!$&'()*+,;=", 'a..b'],
  ])('serves the Host %j', async (host) => {
    const { client } = await scene((turn) => turn.json('{}'));
    const sender = await client();
    sender.send(`GET /v1/models HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    expect((await sender.reply()).status).toBe(200);
  });

  it('serves HTTP/1.0 without a Host field and closes the connection', async () => {
    const { client } = await scene((turn) => turn.json('{}'));
    const sender = await client();
    sender.send('GET /v1/models HTTP/1.0\r\n\r\n');
    expect((await sender.reply()).body).toBe('{}');
    expect(await sender.ended()).toBe('end');
  });
});

describe('limits', () => {
  const settings = {
    limits: limits({ maxTargetBytes: 64, maxHeaderBytes: 2_048, maxBodyBytes: 100 }),
  };

  it('serves a target of the greatest length and refuses a longer one with 414', async () => {
    const { client } = await scene((turn) => turn.json('{}'), { settings });
    const sender = await client();
    sender.send(requestText(`GET /${'a'.repeat(63)}`));
    expect((await sender.reply()).status).toBe(200);
    sender.send(requestText(`GET /${'a'.repeat(64)}`));
    const { reply, code } = await errorOf(sender);
    expect([reply.status, code]).toEqual([414, 'uri_too_long']);
  });

  it('refuses a target that fills the whole head with 414', async () => {
    const { client } = await scene((turn) => turn.json('{}'), { settings });
    const sender = await client();
    sender.send(requestText(`GET /${'a'.repeat(4_096)}`));
    const { reply, code } = await errorOf(sender);
    expect([reply.status, code]).toEqual([414, 'uri_too_long']);
  });

  it('refuses a head above the limit with 431', async () => {
    const { client } = await scene((turn) => turn.json('{}'), { settings });
    const sender = await client();
    sender.send(requestText('GET /', { headers: [`X: ${'a'.repeat(2_048)}`] }));
    const { reply, code } = await errorOf(sender);
    expect([reply.status, code]).toEqual([431, 'headers_too_large']);
    await sender.ended();
  });

  it('reads a JSON body of the greatest size and refuses a larger one with 413', async () => {
    const { client, upstream } = await scene((turn) => turn.json('{}'), { settings });
    const sender = await client();
    const json = '{"model":"m","messages":["x"]}';
    sender.send(chatText(json.padEnd(100)));
    expect((await sender.reply()).status).toBe(200);
    sender.send(chatText(json.padEnd(101)));
    const { reply, code } = await errorOf(sender);
    expect([reply.status, code]).toEqual([413, 'body_too_large']);
    expect(upstream.requests).toHaveLength(1);
    sender.send(chatText(json));
    expect((await sender.reply()).status).toBe(200);
  });

  it('refuses a JSON body in chunks as soon as it is above the limit', async () => {
    const { client } = await scene((turn) => turn.json('{}'), { settings });
    const sender = await client();
    sender.send(
      requestText('POST /v1/chat/completions', { headers: ['Transfer-Encoding: chunked'] }),
    );
    sender.send(`65\r\n${' '.repeat(0x65)}\r\n`);
    const { reply, code } = await errorOf(sender);
    expect([reply.status, code]).toEqual([413, 'body_too_large']);
  });

  it('streams a body of any size that need not be read', async () => {
    let received = '';
    const { client } = await scene(
      async (turn) => {
        received = await turn.body();
        await turn.json('{}');
      },
      { settings },
    );
    const sender = await client();
    sender.send(requestText('POST /v1/files', { body: 'x'.repeat(100_000) }));
    expect((await sender.reply()).status).toBe(200);
    expect(received).toHaveLength(100_000);
  });
});

describe('slow clients', () => {
  const settings = { limits: limits({ requestMs: 100 }) };

  it('get 408 when the head does not arrive', async () => {
    const { client } = await scene((turn) => turn.json('{}'), { settings });
    const sender = await client();
    sender.send('GET /v1/models HTTP/1.1\r\nHost: a\r\nX-Slow:');
    const { reply, code } = await errorOf(sender);
    expect([reply.status, code]).toEqual([408, 'request_timeout']);
    await sender.ended();
  });

  it('get 408 when a body that is read stalls', async () => {
    const { client, gateway } = await scene((turn) => turn.json('{}'), { settings });
    const sender = await client();
    sender.send(chatText().slice(0, -5));
    const { reply, code } = await errorOf(sender);
    expect([reply.status, code]).toEqual([408, 'request_timeout']);
    await sender.ended();
    const { outcome, facts } = await gateway.nextFinished();
    expect([outcome, facts.errorCode]).toEqual(['rejected', 'request_timeout']);
  });

  it('get 408 when a body that streams stalls, and the upstream is cut off', async () => {
    const { promise: wasCut, resolve } = Promise.withResolvers<undefined>();
    const { client } = await scene(
      async (turn) => {
        await turn.closed();
        resolve(undefined);
      },
      { settings },
    );
    const sender = await client();
    sender.send(requestText('POST /v1/files', { body: 'some file' }).slice(0, -5));
    const { reply, code } = await errorOf(sender);
    expect([reply.status, code]).toEqual([408, 'request_timeout']);
    await wasCut;
  });
});

describe('Expect: 100-continue', () => {
  const headers = ['Expect: 100-continue'];

  it('is answered when the body is wanted', async () => {
    const { client, upstream } = await scene((turn) => turn.json('{}'));
    const sender = await client();
    const [head = '', body = ''] = requestText('POST /v1/files', { headers, body: 'file' }).split(
      /(?<=\r\n\r\n)/,
    );
    sender.send(head);
    expect((await sender.head()).status).toBe(100);
    sender.send(body);
    expect((await sender.reply()).status).toBe(200);
    expect(upstream.requests[0]?.header('expect')).toBe(null);
  });

  it.each([
    ['in other letters', 'HTTP/1.1', '100-CONTINUE', 100],
    ['beside something else', 'HTTP/1.1', 'x-foo, 100-continue', 100],
    // RFC 9110 §15.2: who speaks HTTP/1.0 knows no interim reply. §10.1.1: other ones are ignored.
    ['of HTTP/1.0', 'HTTP/1.0', '100-continue', 200],
    ['of something else', 'HTTP/1.1', 'x-foo', 200],
    ['of what only looks like it', 'HTTP/1.1', 'x-100-continue', 200],
  ])('is answered only where it is one: %s', async (_what, version, expected, status) => {
    const { client } = await scene((turn) => turn.json('{}'));
    const sender = await client();
    const text = requestText('POST /v1/files', { headers: [`Expect: ${expected}`], body: 'file' });
    sender.send(text.replace('HTTP/1.1', version));
    expect((await sender.head()).status).toBe(status);
  });

  it('is not answered when the body is refused', async () => {
    const { client } = await scene((turn) => turn.json('{}'), {
      settings: { limits: limits({ maxBodyBytes: 3 }) },
    });
    const sender = await client();
    sender.send(
      requestText('POST /v1/chat/completions', { headers: [...headers, 'Content-Length: 4'] }),
    );
    const { reply, code } = await errorOf(sender);
    expect([reply.status, code]).toEqual([413, 'body_too_large']);
  });
});
