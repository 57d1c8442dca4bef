import { describe, expect, it } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { chatText, requestText } from '../support/client/http-text.js';
import { headerIn, type RawClient } from '../support/client/raw-client.js';
import { backend, configOf } from '../support/gateway/config.js';
import { useScenes } from '../support/gateway/scene.js';
import { deferred } from '../support/time/deferred.js';
import { DONE, textEvent } from '../support/upstream/chat-events.js';
import { type UpstreamScript, type UpstreamTurn } from '../support/upstream/scripted-upstream.js';

const { scene, upstreamOf, gatewayWith, clientOf } = useScenes();

const EVENTS = textEvent('é') + DONE;
const EVENT_BYTES = Buffer.from(EVENTS).toString('latin1');
const WHOLE_STREAM =
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n' +
  `${EVENT_BYTES.length.toString(16)}\r\n${EVENT_BYTES}\r\n0\r\n\r\n`;
const WHOLE_JSON = 'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{"a":1}';

/** Writes in pieces, each in a packet of its own as far as the kernel lets it. */
async function slice({ socket }: UpstreamTurn, bytes: string, length: number): Promise<void> {
  for (let at = 0; at < bytes.length; at += length) {
    socket.write(bytes.slice(at, at + length), 'latin1');
    await setImmediate();
  }
}

async function asked(sender: RawClient): Promise<Awaited<ReturnType<RawClient['reply']>>> {
  sender.send(chatText());
  return sender.reply();
}

describe('a reply that is cut into slices', () => {
  it.each([
    ['a stream', 1, WHOLE_STREAM, EVENT_BYTES],
    ['a stream', 5, WHOLE_STREAM, EVENT_BYTES],
    ['JSON', 1, WHOLE_JSON, '{"a":1}'],
    ['JSON', 3, WHOLE_JSON, '{"a":1}'],
  ])('is whole at the client: %s, %d bytes each', async (_what, length, bytes, expected) => {
    const { client } = await scene(async (turn) => {
      await turn.body();
      await slice(turn, bytes, length);
    });
    const sender = await client();
    // The second uses the connection on which the first came in slices.
    for (let round = 0; round < 2; round++) {
      expect(await asked(sender)).toMatchObject({ status: 200, body: expected });
    }
  });

  it('reaches the client as it drips, byte by byte', async () => {
    let taken = deferred();
    const { client } = await scene(async (turn) => {
      await turn.beginStream();
      for (const byte of EVENTS.slice(0, 20)) {
        await turn.chunk(byte);
        await taken.promise;
      }
      await turn.endStream();
    });
    const sender = await client();
    sender.send(chatText());
    await sender.head();
    for (const byte of EVENTS.slice(0, 20)) {
      // The next byte is sent only when this one is here.
      expect(await sender.chunk()).toBe(byte);
      const next = deferred();
      taken.resolve();
      taken = next;
    }
    expect(await sender.chunk()).toBe('');
  });
});

describe('interim replies that nobody asked for', () => {
  it.each([
    ['a 100', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['two of them', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(2)],
    [
      'hints and a 100 with fields',
      'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 100 Continue\r\nServer: a\r\n\r\n',
    ],
  ])('do not show, and the request is carried out once: %s', async (_what, interim) => {
    let length = interim.length;
    const { client, upstream } = await scene(async (turn) => {
      await turn.body();
      await slice(turn, interim + WHOLE_JSON, length);
    });
    const sender = await client();
    for (; length > 0; length -= 5) {
      expect(await asked(sender)).toMatchObject({ status: 200, body: '{"a":1}' });
    }
    expect(upstream.requests).toHaveLength(Math.ceil(interim.length / 5));
    expect(upstream.connections).toBe(1);
  });

  it('do not show before a reply that ends with its connection', async () => {
    const { client } = await scene(async (turn) => {
      await turn.body();
      turn.socket.end('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\nto the end');
    });
    expect(await asked(await client())).toMatchObject({ status: 200, body: 'to the end' });
  });

  it('do not shorten the time for the head', async () => {
    const { client } = await scene(
      async (turn) => {
        await turn.write('HTTP/1.1 100 Continue\r\n\r\n');
        await turn.closed();
      },
      {
        backend: {
          timeouts: { connectMs: 0, headersMs: 50, firstTokenMs: 0, idleMs: 0, totalMs: 0 },
        },
      },
    );
    expect((await asked(await client())).body).toContain('ran into the headers timeout');
  });
});

describe('a head that drips and never ends', () => {
  it('is given up after the time for the head, and another backend answers', async () => {
    const wasCut = deferred();
    const dripping = await upstreamOf(async (turn) => {
      await turn.body();
      await turn.write('HTTP/1.1 200 OK\r\n');
      while (!turn.socket.destroyed) {
        turn.socket.write('x');
        await setImmediate();
      }
      wasCut.resolve();
    });
    const well = await upstreamOf((turn) => turn.json('"well"'));
    const timeouts = { connectMs: 5_000, headersMs: 50, firstTokenMs: 0, idleMs: 0, totalMs: 0 };
    const gateway = await gatewayWith({
      ...configOf([backend(dripping.url, { name: 'dripping', timeouts })]),
      fallbackBackends: [backend(well.url, { name: 'well' })],
    });
    const reply = await asked(await clientOf(gateway));
    expect([reply.body, headerIn(reply.headerLines, 'x-sluice-attempts')]).toEqual(['"well"', '2']);
    await wasCut.promise;
  });
});

describe('a backend that says more than the length it announced', () => {
  const POISON = 'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n"poison"';

  it.each([
    ['one byte', '}'],
    ['a second reply', POISON],
    ['bytes that are no HTTP', '\0\xff garbage'],
  ])('has the rest thrown away with its connection: %s', async (_what, rest) => {
    const wasClosed = deferred();
    const { client, upstream } = await scene(async (turn) => {
      await turn.body();
      await turn.write(WHOLE_JSON + rest);
      await turn.closed();
      wasClosed.resolve();
    });
    const sender = await client();
    expect((await asked(sender)).body).toBe('{"a":1}');
    await wasClosed.promise;
    upstream.become((turn) => turn.json('"own"'));
    expect((await asked(sender)).body).toBe('"own"');
    expect(upstream.connections).toBe(2);
  });

  it('gets no request on a connection that spoke out of turn', async () => {
    const goOn = deferred();
    const wasClosed = deferred();
    const { client, upstream } = await scene(async (turn) => {
      await turn.body();
      await turn.write(WHOLE_JSON);
      await goOn.promise;
      await turn.write(POISON);
      await turn.closed();
      wasClosed.resolve();
    });
    const sender = await client();
    expect((await asked(sender)).body).toBe('{"a":1}');
    goOn.resolve();
    await wasClosed.promise;
    upstream.become((turn) => turn.json('"own"'));
    expect((await asked(sender)).body).toBe('"own"');
  });
});

describe('a backend that frames its reply wrongly', () => {
  it.each([
    [
      'two different lengths',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}',
    ],
    ['a negative length', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}'],
    ['a length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n{}'],
    ['a field with NUL in it', 'HTTP/1.1 200 OK\r\nX-A: \0\r\nContent-Length: 2\r\n\r\n{}'],
    ['a head beyond every bound', `HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(300_000)}\r\n\r\n`],
    ['a status that is none', 'HTTP/1.1 99999 OK\r\nContent-Length: 2\r\n\r\n{}'],
  ])('is a 502 that says so: %s', async (_what, bytes) => {
    const script: UpstreamScript = async (turn) => {
      await turn.body();
      await turn.write(bytes);
    };
    const { client } = await scene(script);
    const { status, body } = await asked(await client());
    expect(status).toBe(502);
    expect(JSON.parse(body)).toMatchObject({ error: { code: 'upstream_protocol' } });
  });

  it('has its stream ended by an error event when a chunk has no size', async () => {
    const goOn = deferred();
    const { client } = await scene(async (turn) => {
      await turn.beginStream();
      await turn.chunk('data: 1\n\n');
      await goOn.promise;
      await turn.write('no size\r\ndata: [DONE]\n\n\r\n0\r\n\r\n');
    });
    const sender = await client();
    sender.send(chatText());
    await sender.head();
    expect(await sender.chunk()).toBe('data: 1\n\n');
    goOn.resolve();
    const last = await sender.chunk();
    expect(last).toContain('"code":"upstream_protocol"');
    expect(last).not.toContain('[DONE]');
    expect(await sender.chunk()).toBe('');
  });
});

describe('a backend that answers before it has the whole upload, and is gone', () => {
  it('has its answer told, though a piece of the upload came to nothing before it was read', async () => {
    const begun = deferred<UpstreamTurn>();
    const { client } = await scene(begun.resolve);
    const sender = await client();
    sender.send(requestText('POST /v1/files', { headers: ['Content-Length: 100000'] }));
    sender.send('first');
    const turn = await begun.promise;
    // In one tick: the gateway has the piece to write before it has the answer to read.
    sender.send('second');
    turn.socket.write('HTTP/1.1 413 Content Too Large\r\nContent-Length: 7\r\n\r\ntoo big');
    turn.reset();
    expect(await sender.reply()).toMatchObject({ status: 413, body: 'too big' });
  });
});

describe('a backend that closes its half of the connection', () => {
  it('may end a reply of unknown length by it', async () => {
    const { client } = await scene(async (turn) => {
      await turn.body();
      turn.socket.end('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"a":1}');
    });
    expect(await asked(await client())).toMatchObject({ status: 200, body: '{"a":1}' });
  });

  it('gets the next request on another one, though it announced no end', async () => {
    const wasClosed = deferred();
    const { client, upstream } = await scene(async (turn) => {
      await turn.body();
      turn.socket.end(WHOLE_JSON);
      await turn.closed();
      wasClosed.resolve();
    });
    const sender = await client();
    expect((await asked(sender)).body).toBe('{"a":1}');
    await wasClosed.promise;
    const reply = await asked(sender);
    expect([reply.body, headerIn(reply.headerLines, 'x-sluice-attempts')]).toEqual([
      '{"a":1}',
      '1',
    ]);
    expect(upstream.connections).toBe(2);
  });
});
