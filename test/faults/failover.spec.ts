import { describe, expect, it } from '@jest/globals';
import { chatText, requestText } from '../support/client/http-text.js';
import { headerIn, type RawReply } from '../support/client/raw-client.js';
import { backend, configOf } from '../support/gateway/config.js';
import { believeDown, probed } from '../support/gateway/probes.js';
import { useScenes } from '../support/gateway/scene.js';
import { deferred } from '../support/time/deferred.js';
import { type UpstreamScript, type UpstreamTurn } from '../support/upstream/scripted-upstream.js';

const { upstreamOf, gatewayOf, gatewayWith, clientOf } = useScenes();

const WELL: UpstreamScript = (turn) => turn.json('"well"');

const shown = ({ status, body, headerLines }: RawReply) => ({
  status,
  body,
  backend: headerIn(headerLines, 'x-sluice-backend'),
  attempts: headerIn(headerLines, 'x-sluice-attempts'),
});

/** A primary with this script and a fallback that is well: the primary is always tried first. */
async function illAndWell(script: UpstreamScript) {
  const ill = await upstreamOf(script);
  const well = await upstreamOf(WELL);
  const gateway = await gatewayWith({
    ...configOf([backend(ill.url, { name: 'ill', timeouts: IMPATIENT })]),
    fallbackBackends: [backend(well.url, { name: 'well' })],
  });
  return { ill, well, gateway, sender: await clientOf(gateway) };
}

const IMPATIENT = { connectMs: 5_000, headersMs: 50, firstTokenMs: 0, idleMs: 0, totalMs: 0 };

describe('a backend that cannot serve', () => {
  const faults: [string, UpstreamScript][] = [
    [
      'resets',
      (turn) =>
        turn.body().then(() => {
          turn.reset();
        }),
    ],
    [
      'closes without a word',
      async (turn) => {
        await turn.body();
        turn.socket.end();
      },
    ],
    [
      'closes in the middle of the head',
      async (turn) => {
        await turn.body();
        turn.socket.end('HTTP/1.1 200 O');
      },
    ],
    [
      'never answers',
      async (turn) => {
        await turn.closed();
      },
    ],
    ...['429 Too Many Requests', '502 Bad Gateway', '503 Busy', '504 Late'].map(
      (status): [string, UpstreamScript] => [
        `answers ${status}`,
        (turn) => turn.json('"no"', { status }),
      ],
    ),
  ];

  it.each(faults)('does not show when another can: one that %s', async (_what, script) => {
    const { ill, sender } = await illAndWell(script);
    sender.send(chatText());
    expect(shown(await sender.reply())).toEqual({
      status: 200,
      body: '"well"',
      backend: 'well',
      attempts: '2',
    });
    expect(ill.requests).toHaveLength(1);
  });

  it('does not show when it refuses connections', async () => {
    const { ill, gateway, sender } = await illAndWell(WELL);
    expect(await probed(gateway, 'ill')).toBe('up');
    await ill.close();
    sender.send(chatText());
    expect(shown(await sender.reply())).toMatchObject({
      status: 200,
      backend: 'well',
      attempts: '2',
    });
  });

  it.each([
    '400 Bad Request',
    '401 Unauthorized',
    '404 Not Found',
    '500 Broken',
    '501 Not Implemented',
  ])('has its answer passed on when no other would give a better one: %s', async (status) => {
    const { well, sender } = await illAndWell((turn) => turn.json('"no"', { status }));
    sender.send(chatText());
    expect(shown(await sender.reply())).toMatchObject({
      body: '"no"',
      backend: 'ill',
      attempts: '1',
    });
    expect(well.requests).toHaveLength(0);
  });

  it('has its answer passed on, byte for byte, when it is the only one', async () => {
    const busy: UpstreamScript = (turn) =>
      turn.json('{"a":1.0}', { status: '503 Busy', headers: 'Retry-After: 7\r\n' });
    const upstream = await upstreamOf(busy);
    const sender = await clientOf(await gatewayOf([backend(upstream.url)]));
    sender.send(chatText());
    const reply = await sender.reply();
    expect([reply.statusLine, reply.body]).toEqual([
      'HTTP/1.1 503 Service Unavailable',
      '{"a":1.0}',
    ]);
    expect(headerIn(reply.headerLines, 'retry-after')).toBe('7');
    expect(upstream.requests).toHaveLength(1);
  });

  it('has the last answer passed on when every one of them fails', async () => {
    const busy =
      (name: string): UpstreamScript =>
      (turn) =>
        turn.json(name, { status: '503 Busy' });
    const first = await upstreamOf(busy('1'));
    const second = await upstreamOf(busy('2'));
    const gateway = await gatewayWith({
      ...configOf([backend(first.url, { name: 'first' })]),
      fallbackBackends: [backend(second.url, { name: 'second' })],
    });
    const sender = await clientOf(gateway);
    sender.send(chatText());
    expect(shown(await sender.reply())).toEqual({
      status: 503,
      body: '2',
      backend: 'second',
      attempts: '2',
    });
  });

  it('is not replaced for a request that may not be carried out twice', async () => {
    const { well, sender } = await illAndWell((turn) => turn.json('"no"', { status: '503 Busy' }));
    sender.send(requestText('POST /v1/files', { body: 'file' }));
    expect(shown(await sender.reply())).toMatchObject({
      status: 503,
      backend: 'ill',
      attempts: '1',
    });
    expect(well.requests).toHaveLength(0);
  });

  it('is not replaced once a byte has reached the client', async () => {
    const goOn = deferred();
    const { well, sender } = await illAndWell(async (turn) => {
      await turn.beginStream();
      await turn.chunk('data: 1\n\n');
      await goOn.promise;
      turn.reset();
    });
    sender.send(chatText());
    await sender.head();
    expect(await sender.chunk()).toBe('data: 1\n\n');
    goOn.resolve();
    expect(await sender.chunk()).toContain('"code":"upstream_protocol"');
    expect(well.requests).toHaveLength(0);
  });

  it('is left alone for as long as it asked, up to a minute', async () => {
    const { ill, well, sender } = await illAndWell((turn) =>
      turn.json('"no"', { status: '429 Too Many Requests', headers: 'Retry-After: 30\r\n' }),
    );
    for (let round = 0; round < 3; round++) {
      sender.send(chatText());
      expect((await sender.reply()).status).toBe(200);
    }
    expect([ill.requests.length, well.requests.length]).toEqual([1, 3]);
  });

  it('has the connection of a reply that is not passed on closed', async () => {
    const wasClosed = deferred();
    const { sender } = await illAndWell(async (turn) => {
      await turn.body();
      await turn.write('HTTP/1.1 503 Busy\r\nContent-Length: 1000000\r\n\r\nno');
      await turn.closed();
      wasClosed.resolve();
    });
    sender.send(chatText());
    expect((await sender.reply()).status).toBe(200);
    await wasClosed.promise;
  });
});

describe('a backend that turns requests away faster than another answers', () => {
  it.each(['401 Unauthorized', '402 Payment Required', '403 Forbidden', '404 Not Found'])(
    'does not draw them all to itself: %s',
    async (status) => {
      const held: UpstreamTurn[] = [];
      let arrived = deferred();
      const quick = await upstreamOf((turn) => turn.json('"no"', { status }));
      const busy = await upstreamOf((turn) => {
        held.push(turn);
        arrived.resolve();
      });
      const gateway = await gatewayOf([
        backend(quick.url, { name: 'quick' }),
        backend(busy.url, { name: 'busy' }),
      ]);
      for (let request = 0; request < 20; request++) {
        arrived = deferred();
        const sender = await clientOf(gateway);
        sender.send(chatText());
        await Promise.race([sender.reply(), arrived.promise]);
      }
      expect(quick.requests.length + held.length).toBe(20);
      expect(held.length).toBeGreaterThanOrEqual(8);
      for (const turn of held) await turn.json('"well"');
    },
  );
});

describe('a backend that turns away what no other one serves', () => {
  it('keeps its share of what others serve as well', async () => {
    const held: UpstreamTurn[] = [];
    let arrived = deferred();
    const hold: UpstreamScript = (turn) => {
      held.push(turn);
      arrived.resolve();
    };
    const wide = await upstreamOf((turn) => turn.json('"no"', { status: '404 Not Found' }));
    const narrow = await upstreamOf(hold);
    const gateway = await gatewayOf([
      backend(wide.url, { name: 'wide' }),
      backend(narrow.url, { name: 'narrow', models: ['m'] }),
    ]);
    const misspelt = await clientOf(gateway);
    for (let request = 0; request < 40; request++) {
      misspelt.send(chatText('{"model":"n","messages":[{"role":"user","content":"hi"}]}'));
      expect((await misspelt.reply()).status).toBe(404);
    }
    wide.become(hold);
    for (let request = 0; request < 20; request++) {
      arrived = deferred();
      const sender = await clientOf(gateway);
      sender.send(chatText());
      await arrived.promise;
    }
    expect(wide.requests.length - 40).toBeGreaterThanOrEqual(8);
    for (const turn of held) await turn.json('"well"');
  });
});

describe('fallbacks', () => {
  it('serve nothing while a primary can', async () => {
    const { ill, well, sender } = await illAndWell(WELL);
    for (let round = 0; round < 5; round++) {
      sender.send(chatText());
      expect(headerIn((await sender.reply()).headerLines, 'x-sluice-backend')).toBe('ill');
    }
    expect([ill.requests.length, well.requests.length]).toEqual([5, 0]);
  });

  it('serve everything while every primary is known to be down, without an attempt there', async () => {
    const { ill, gateway, sender } = await illAndWell(WELL);
    await ill.close();
    await believeDown(gateway, 'ill');
    sender.send(chatText());
    expect(shown(await sender.reply())).toMatchObject({ backend: 'well', attempts: '1' });
  });
});

describe('the breaker of a backend', () => {
  it('opens after five failures in a row and spares it', async () => {
    const { ill, well, sender } = await illAndWell((turn) =>
      turn.json('"no"', { status: '503 Busy' }),
    );
    for (let round = 0; round < 8; round++) {
      sender.send(chatText());
      expect((await sender.reply()).status).toBe(200);
    }
    expect([ill.requests.length, well.requests.length]).toEqual([5, 8]);
  });

  it('never opens for clients that leave', async () => {
    const upstream = await upstreamOf(async (turn) => {
      await turn.closed();
    });
    const spare = await upstreamOf(WELL);
    const gateway = await gatewayWith({
      ...configOf([backend(upstream.url, { name: 'slow' })]),
      fallbackBackends: [backend(spare.url, { name: 'spare' })],
    });
    for (let round = 0; round < 10; round++) {
      const leaver = await clientOf(gateway);
      const reached = upstream.requests.length + 1;
      leaver.send(chatText());
      const finished = gateway.nextFinished();
      while (upstream.requests.length < reached) await roundTrip(gateway.url);
      leaver.reset();
      await finished;
    }
    expect(spare.requests).toHaveLength(0);
  });
});

async function roundTrip(url: string): Promise<void> {
  await (await fetch(`${url}/health/live`)).text();
}

describe('the retry budget', () => {
  it('bounds the extra requests of an outage to a fifth', async () => {
    const busy: UpstreamScript = (turn) => turn.json('"no"', { status: '429 Too Many Requests' });
    const first = await upstreamOf(busy);
    const second = await upstreamOf(busy);
    const gateway = await gatewayOf([
      backend(first.url, { name: 'first' }),
      backend(second.url, { name: 'second' }),
    ]);
    const sender = await clientOf(gateway);
    for (let round = 0; round < 100; round++) {
      sender.send(chatText());
      expect((await sender.reply()).status).toBe(429);
    }
    expect(first.requests.length + second.requests.length).toBe(120);
  });
});
