import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { type TimeoutsConfig } from '../../src/config/typed/timeouts-config.js';
import { TICK_MS } from '../../src/exchange/timing/coarse-timeout.js';
import { chatText, requestText } from '../support/client/http-text.js';
import { headerIn, type RawClient } from '../support/client/raw-client.js';
import { backend, limits } from '../support/gateway/config.js';
import { believeDown, believeUp } from '../support/gateway/probes.js';
import { useScenes } from '../support/gateway/scene.js';
import { deferred } from '../support/time/deferred.js';
import { useTimeLeaps } from '../support/time/time-leaps.js';
import { type UpstreamTurn } from '../support/upstream/scripted-upstream.js';

const { scene, gatewayOf, clientOf } = useScenes();
const leap = useTimeLeaps();

interface ToldError {
  readonly status: number;
  readonly code: unknown;
  readonly message: string;
  readonly attempts: string | null;
}

async function toldError(sender: RawClient): Promise<ToldError> {
  const { status, body, headerLines } = await sender.reply();
  const { error } = JSON.parse(body) as { error: { code: unknown; message: string } };
  const attempts = headerIn(headerLines, 'x-sluice-attempts');
  return { status, code: error.code, message: error.message, attempts };
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Holds up everything in this process until its timers are due. */
function standStill(forMs = 5 * TICK_MS): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forMs);
}

describe('a backend that cannot be reached', () => {
  it('is a 502 that names it when it refuses the connection, after three attempts', async () => {
    const gateway = await gatewayOf([backend(`http://127.0.0.1:${await closedPort()}`)]);
    await believeUp(gateway);
    const sender = await clientOf(gateway);
    sender.send(chatText());
    expect(await toldError(sender)).toEqual({
      status: 502,
      code: 'upstream_unreachable',
      message: "backend 'local' refused the connection",
      attempts: '3',
    });
    const { outcome, facts } = await gateway.nextFinished();
    expect([outcome, facts.errorCode]).toEqual(['upstream_failed', 'upstream_unreachable']);
  });

  it('is a 502 for an upload too, whose body is then discarded', async () => {
    const gateway = await gatewayOf([backend(`http://127.0.0.1:${await closedPort()}`)]);
    await believeUp(gateway);
    const sender = await clientOf(gateway);
    for (let round = 0; round < 2; round++) {
      sender.send(requestText('POST /v1/files', { body: 'x'.repeat(300_000) }));
      expect(await toldError(sender)).toMatchObject({ status: 502, attempts: '3' });
    }
  });

  it('is a 503 that names it once two probes have found it down, without an attempt', async () => {
    const gateway = await gatewayOf([backend(`http://127.0.0.1:${await closedPort()}`)]);
    await believeDown(gateway);
    const sender = await clientOf(gateway);
    sender.send(chatText());
    const { status, body, headerLines } = await sender.reply();
    expect(status).toBe(503);
    expect(JSON.parse(body)).toEqual({
      error: {
        message: "every backend that could serve this is down: 'local'",
        type: 'service_unavailable',
        code: 'no_backend',
        param: null,
      },
    });
    expect(headerIn(headerLines, 'retry-after')).toBe('5');
    expect(headerIn(headerLines, 'x-sluice-attempts')).toBeNull();
  });

  it('is a 502 when its name is not known', async () => {
    const gateway = await gatewayOf([backend('http://no-such-host.invalid')]);
    await believeUp(gateway);
    const sender = await clientOf(gateway);
    sender.send(chatText());
    expect(await toldError(sender)).toMatchObject({
      status: 502,
      code: 'upstream_unreachable',
      message: "the host name of backend 'local' was not found",
    });
  });
});

describe('a backend that answers wrongly', () => {
  it.each([
    ['bytes that are no HTTP', 'nonsense\r\n\r\n', /malformed HTTP/, '1'],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      /malformed HTTP/,
      '1',
    ],
    ['half a head', 'HTTP/1.1 200 OK\r\nContent-', /closed the connection/, '3'],
    ['nothing', '', /closed the connection/, '3'],
  ])('is a 502 after %s', async (_what, bytes, message, attempts) => {
    const { client } = await scene(async (turn) => {
      await turn.body();
      turn.socket.end(bytes, 'latin1');
    });
    const sender = await client();
    sender.send(chatText());
    expect(await toldError(sender)).toEqual({
      status: 502,
      code: 'upstream_protocol',
      message: expect.stringMatching(message),
      attempts,
    });
  });
});

describe('a reply that breaks off', () => {
  const cuts: [string, (turn: UpstreamTurn) => void][] = [
    ['closes', (turn) => turn.socket.end()],
    [
      'resets',
      (turn) => {
        turn.reset();
      },
    ],
  ];

  it.each(cuts)('is never a clean end when the backend %s before the length', async (_how, cut) => {
    const goOn = deferred();
    const { client, gateway } = await scene(async (turn) => {
      await turn.body();
      await turn.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
      await goOn.promise;
      cut(turn);
    });
    const sender = await client();
    sender.send(chatText());
    await sender.reader.until((received) => received.endsWith('half'));
    goOn.resolve();
    await sender.ended();
    expect(sender.reader.received.endsWith('half')).toBe(true);
    const { outcome, facts } = await gateway.nextFinished();
    expect([outcome, facts.errorCode]).toEqual(['upstream_failed', 'upstream_protocol']);
  });

  it.each(cuts)('is never a clean end when the backend %s between chunks', async (_how, cut) => {
    const goOn = deferred();
    const { client } = await scene(async (turn) => {
      await turn.beginStream('application/octet-stream');
      await turn.chunk('half');
      await goOn.promise;
      cut(turn);
    });
    const sender = await client();
    sender.send(chatText());
    await sender.head();
    expect(await sender.chunk()).toBe('half');
    goOn.resolve();
    await sender.ended();
    expect(sender.reader.received).toBe('');
  });

  it('is a reset for an HTTP/1.0 client, which could not tell it from the end', async () => {
    const goOn = deferred();
    const { client } = await scene(async (turn) => {
      await turn.beginStream('application/octet-stream');
      await turn.chunk('half');
      await goOn.promise;
      turn.reset();
    });
    const sender = await client();
    sender.send('GET /v1/models HTTP/1.0\r\n\r\n');
    await sender.reader.until((received) => received.endsWith('half'));
    goOn.resolve();
    expect(await sender.ended()).toBe('reset');
  });

  it.each(cuts)(
    'is an error event in an event stream, without [DONE], when it %s',
    async (_how, cut) => {
      const goOn = deferred();
      const { client, gateway } = await scene(async (turn) => {
        await turn.beginStream();
        await turn.chunk('data: {"a":1}\n\n');
        await goOn.promise;
        cut(turn);
      });
      const sender = await client();
      sender.send(chatText());
      await sender.head();
      expect(await sender.chunk()).toBe('data: {"a":1}\n\n');
      goOn.resolve();
      expect(await sender.chunk()).toBe(
        'data: {"error":{"message":"backend \'local\' closed the connection before its reply ended",' +
          '"type":"upstream_error","code":"upstream_protocol","param":null}}\n\n',
      );
      expect(await sender.chunk()).toBe('');
      expect((await gateway.nextFinished()).outcome).toBe('upstream_failed');
    },
  );

  it.each(['/v1/messages', '/messages?beta=true', '/anthropic/v1/messages'])(
    'is an event with the name error on %s, whose clients skip an event without a name',
    async (target) => {
      const goOn = deferred();
      const { client } = await scene(async (turn) => {
        await turn.beginStream();
        await turn.chunk('event: ping\ndata: {"type":"ping"}\n\n');
        await goOn.promise;
        turn.reset();
      });
      const sender = await client();
      sender.send(requestText(`POST ${target}`, { body: '{"model":"m"}' }));
      await sender.head();
      expect(await sender.chunk()).toBe('event: ping\ndata: {"type":"ping"}\n\n');
      goOn.resolve();
      expect(await sender.chunk()).toBe(
        'event: error\n' +
          'data: {"type":"error","error":{"message":"backend \'local\' closed the connection before its reply ended",' +
          '"type":"upstream_error","code":"upstream_protocol","param":null}}\n\n',
      );
      expect(await sender.chunk()).toBe('');
    },
  );

  it('ends an event that broke off before the error event', async () => {
    const goOn = deferred();
    const { client } = await scene(async (turn) => {
      await turn.beginStream();
      await turn.chunk('data: {"a"');
      await goOn.promise;
      turn.reset();
    });
    const sender = await client();
    sender.send(chatText());
    await sender.head();
    expect(await sender.chunk()).toBe('data: {"a"');
    goOn.resolve();
    expect(await sender.chunk()).toMatch(/^\n\ndata: \{"error":/);
  });
});

describe('timeouts', () => {
  const NONE: TimeoutsConfig = {
    ...{ connectMs: 0, headersMs: 0, firstTokenMs: 0, idleMs: 0, totalMs: 0 },
  };
  const limited = (choice: Partial<TimeoutsConfig>) => ({
    backend: { timeouts: { ...NONE, ...choice } },
  });

  it('give up connecting: 504 connect', async () => {
    // A TLS handshake that is never answered is a connection that never stands.
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const gateway = await gatewayOf([
      backend(`https://127.0.0.1:${address.port}`, limited({ connectMs: 50 }).backend),
    ]);
    const sender = await clientOf(gateway);
    sender.send(chatText());
    expect(await toldError(sender)).toEqual({
      status: 504,
      code: 'upstream_timeout',
      message: "backend 'local' ran into the connect timeout",
      attempts: '1',
    });
    silent.close();
  });

  it.each([
    ['headers', { headersMs: 50 }],
    ['total', { totalMs: 50 }],
  ])('give up waiting for the head: 504 %s', async (phase, timeouts) => {
    const wasCut = deferred();
    const { client } = await scene(async (turn) => {
      await turn.closed();
      wasCut.resolve();
    }, limited(timeouts));
    const sender = await client();
    sender.send(chatText());
    expect(await toldError(sender)).toMatchObject({
      status: 504,
      code: 'upstream_timeout',
      message: `backend 'local' ran into the ${phase} timeout`,
    });
    await wasCut.promise;
  });

  it.each([
    ['idle', { idleMs: 50 }],
    ['total', { totalMs: 50 }],
    ['first_token', { firstTokenMs: 50 }],
  ])('end a stream with an error event: %s', async (phase, timeouts) => {
    const wasCut = deferred();
    const { client } = await scene(async (turn) => {
      await turn.beginStream();
      await turn.chunk(': a comment is no token\n\n');
      await turn.closed();
      wasCut.resolve();
    }, limited(timeouts));
    const sender = await client();
    sender.send(chatText());
    await sender.head();
    expect(await sender.chunk()).toBe(': a comment is no token\n\n');
    expect(await sender.chunk()).toContain(`the ${phase} timeout`);
    expect(await sender.chunk()).toBe('');
    await wasCut.promise;
  });

  it('cut a reply that is no stream: idle', async () => {
    const { client } = await scene(
      async (turn) => {
        await turn.body();
        await turn.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
        await turn.closed();
      },
      limited({ idleMs: 50 }),
    );
    const sender = await client();
    sender.send(chatText());
    await sender.ended();
    expect(sender.reader.received.endsWith('half')).toBe(true);
  });

  it.each([
    ['headers', false],
    ['idle', true],
  ])('take no standstill of the gateway for silence of a backend: %s', async (_phase, isStream) => {
    const { client } = await scene(
      async (turn) => {
        await turn.body();
        if (isStream) await turn.beginStream();
        const waiting = isStream ? turn.chunk('data: 1\n\n') : turn.json('{}');
        // The bytes are on their way when the timers of the gateway, which is the same process, are late.
        await waiting;
        leap(60_000);
        standStill();
        if (isStream) await turn.endStream();
      },
      limited({ headersMs: 60_000, idleMs: 60_000 }),
    );
    const sender = await client();
    sender.send(chatText());
    expect((await sender.reply()).body).toBe(isStream ? 'data: 1\n\n' : '{}');
  });

  it('take no standstill of the gateway for a stall of an upload', async () => {
    const requestMs = 500;
    const arrived = deferred();
    const { client } = await scene(
      async (turn) => {
        arrived.resolve();
        await turn.json(JSON.stringify(await turn.body()));
      },
      { settings: { limits: limits({ requestMs }) } },
    );
    const sender = await client();
    const [begin, rest] = ['abc', 'def'];
    sender.send(requestText('POST /v1/files', { body: begin + rest }).slice(0, -rest.length));
    await arrived.promise;
    sender.send(rest);
    standStill(requestMs);
    expect(await sender.reply()).toMatchObject({ status: 200, body: '"abcdef"' });
  });

  it('do not count for first_token once a data event has come', async () => {
    const goOn = deferred();
    const { client, upstream } = await scene(
      async (turn) => {
        await turn.beginStream();
        await turn.chunk('data: 1\n\n');
        await goOn.promise;
        await turn.chunk('data: 2\n\n');
        await turn.endStream();
      },
      limited({ firstTokenMs: 60_000, idleMs: 600_000 }),
    );
    const sender = await client();
    sender.send(chatText());
    await sender.head();
    expect(await sender.chunk()).toBe('data: 1\n\n');
    // Of two streams whose time is over the one that began first is cut first, if it is at all.
    upstream.become(async (turn) => {
      await turn.beginStream();
      await turn.closed();
    });
    const other = await client();
    other.send(chatText());
    await other.head();
    leap(60_000);
    expect(await other.chunk()).toContain('the first_token timeout');
    goOn.resolve();
    expect(await sender.chunk()).toBe('data: 2\n\n');
    expect(await sender.chunk()).toBe('');
  });
});

describe('repeated requests', () => {
  it('repeat a request whose kept-alive connection closes under it', async () => {
    const bodies: string[] = [];
    const { client, upstream } = await scene((turn) => turn.json('{}'));
    const sender = await client();
    sender.send(chatText());
    expect((await sender.reply()).status).toBe(200);
    let isFirst = true;
    upstream.become(async (turn) => {
      bodies.push(await turn.body());
      if (isFirst) {
        isFirst = false;
        turn.reset();
        return;
      }
      await turn.json('{"second":true}');
    });
    sender.send(chatText());
    const reply = await sender.reply();
    expect([reply.status, reply.body]).toEqual([200, '{"second":true}']);
    expect(headerIn(reply.headerLines, 'x-sluice-attempts')).toBe('2');
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toBe(bodies[0]);
    expect(upstream.connections).toBe(2);
  });

  it.each([
    ['request', chatText()],
    ['upload', requestText('POST /v1/files', { body: 'file'.repeat(16_385) })],
  ])(
    'need no second attempt for a %s whose kept-alive connection is reset before it leaves',
    async (_what, text) => {
      const turns: UpstreamTurn[] = [];
      const { client, gateway, upstream } = await scene((turn) => {
        turns.push(turn);
        return turn.json('{}');
      });
      await believeUp(gateway);
      const sender = await client();
      for (let time = 0; time < 5; time++) {
        sender.send(chatText());
        expect((await sender.reply()).status).toBe(200);
        // The gateway finds both in one turn of its loop: first the request, then the reset.
        sender.send(text);
        turns.at(-1)?.reset();
        const reply = await sender.reply();
        expect([reply.status, headerIn(reply.headerLines, 'x-sluice-attempts')]).toEqual([
          200,
          '1',
        ]);
      }
      expect(upstream.requests).toHaveLength(10);
    },
  );

  it('repeat a request that does no harm twice when a fresh connection breaks under it', async () => {
    const { client, upstream } = await scene(async (turn) => {
      await turn.body();
      turn.reset();
    });
    const sender = await client();
    sender.send(chatText());
    expect(await toldError(sender)).toMatchObject({ status: 502, attempts: '3' });
    expect(upstream.requests).toHaveLength(3);
  });

  it.each(['/v1/responses', '/v1/images/generations', '/v1/unheard-of'])(
    'do not repeat what may be stored, cost twice or belong to one place: %s',
    async (path) => {
      const { client, upstream } = await scene(async (turn) => {
        await turn.body();
        turn.reset();
      });
      const sender = await client();
      const headers = ['Content-Type: application/json'];
      sender.send(requestText(`POST ${path}`, { headers, body: '{"model":"m"}' }));
      expect(await toldError(sender)).toMatchObject({ status: 502, attempts: '1' });
      expect(upstream.requests).toHaveLength(1);
    },
  );

  it('do not repeat an upload whose body is gone', async () => {
    const { client, upstream } = await scene((turn) => turn.json('{}'));
    const sender = await client();
    sender.send(chatText());
    expect((await sender.reply()).status).toBe(200);
    upstream.become(async (turn) => {
      await turn.body();
      turn.reset();
    });
    sender.send(requestText('POST /v1/files', { body: 'file'.repeat(16_385) }));
    expect(await toldError(sender)).toMatchObject({ status: 502, attempts: '1' });
    expect(upstream.requests).toHaveLength(2);
  });

  it.each([
    ['a small upload', '/v1/files', 'file'],
    ['a request of an unknown endpoint', '/v1/unheard-of', '{"model":"m"}'],
  ])('repeat %s whose kept-alive connection closes under it', async (_what, path, body) => {
    const { client, upstream } = await scene((turn) => turn.json('{}'));
    const sender = await client();
    sender.send(chatText());
    expect((await sender.reply()).status).toBe(200);
    const bodies: string[] = [];
    upstream.become(async (turn) => {
      bodies.push(await turn.body());
      if (bodies.length === 1) turn.reset();
      else await turn.json('{"second":true}');
    });
    sender.send(requestText(`POST ${path}`, { body }));
    expect((await sender.reply()).body).toBe('{"second":true}');
    expect(bodies).toEqual([body, body]);
  });

  it.each(['/v1/responses', '/v1/images/generations', '/v1/unheard-of'])(
    'do not repeat what a backend had for a while when its kept-alive connection breaks: %s',
    async (path) => {
      const { client, upstream } = await scene((turn) => turn.json('{}'));
      const sender = await client();
      const headers = ['Content-Type: application/json'];
      const request = requestText(`POST ${path}`, { headers, body: '{"model":"m"}' });
      sender.send(request);
      expect((await sender.reply()).status).toBe(200);
      upstream.become(async (turn) => {
        await turn.body();
        leap(1000);
        turn.reset();
      });
      sender.send(request);
      expect(await toldError(sender)).toMatchObject({ status: 502, attempts: '1' });
      expect(upstream.requests).toHaveLength(2);
    },
  );

  it('send the beginning of a small upload once more, and then the rest as it comes', async () => {
    const { client, upstream } = await scene((turn) => turn.json('{}'));
    const sender = await client();
    sender.send(chatText());
    expect((await sender.reply()).status).toBe(200);
    const wasReset = deferred<undefined>();
    const bodies: string[] = [];
    upstream.become(async (turn) => {
      if (bodies.length === 0) {
        bodies.push(await turn.reader.takeBytes(5));
        turn.reset();
        wasReset.resolve(undefined);
        return;
      }
      bodies.push(await turn.body());
      await turn.json('{}');
    });
    const whole = requestText('POST /v1/files', { body: 'begun and ended' });
    sender.send(whole.slice(0, -10));
    await wasReset.promise;
    sender.send(whole.slice(-10));
    expect((await sender.reply()).status).toBe(200);
    expect(bodies).toEqual(['begun', 'begun and ended']);
  });
});
