import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { DrainState } from '../../src/exchange/gates/drain-state.js';
import { chatText, requestText } from '../support/client/http-text.js';
import { headerIn } from '../support/client/raw-client.js';
import { limits } from '../support/gateway/config.js';
import { type Scene, useScenes } from '../support/gateway/scene.js';
import { deferred } from '../support/time/deferred.js';
import { eventually } from '../support/time/eventually.js';
import { DONE } from '../support/upstream/chat-events.js';

const { scene } = useScenes();

const LINE = ': keepalive\n';
const COMMENT = ': keepalive\n\n';

/** Waits until a stream that begins now, and stays silent, has got two comments. */
async function untilCommentsCame({ upstream, client }: Scene): Promise<void> {
  upstream.become(async (turn) => {
    await turn.beginStream();
    await turn.closed();
  });
  const listener = await client();
  listener.send(chatText());
  await listener.head();
  expect([await listener.chunk(), await listener.chunk()]).toEqual([COMMENT, COMMENT]);
}

describe('an event stream', () => {
  it('reaches the client event by event, as they come', async () => {
    const steps = [deferred(), deferred()];
    const { client } = await scene(async (turn) => {
      await turn.beginStream();
      for (const [index, step] of steps.entries()) {
        await turn.chunk(`data: ${index}\n\n`);
        await step.promise;
      }
      await turn.chunk(DONE);
      await turn.endStream();
    });
    const sender = await client();
    sender.send(chatText());
    const { status } = await sender.head();
    expect(status).toBe(200);
    for (const [index, step] of steps.entries()) {
      expect(await sender.chunk()).toBe(`data: ${index}\n\n`);
      step.resolve();
    }
    expect(await sender.chunk()).toBe(DONE);
    expect(await sender.chunk()).toBe('');
  });

  it("that tells an error is complete: what went wrong is the backend's to say", async () => {
    const error = 'data: {"error":{"message":"out of memory","code":500}}\n\n';
    const { client, gateway } = await scene(async (turn) => {
      await turn.beginStream();
      await turn.chunk(`data: {}\n\n${error}`);
      await turn.endStream();
    });
    const sender = await client();
    sender.send(chatText());
    expect((await sender.reply()).body).toBe(`data: {}\n\n${error}`);
    const { outcome, facts } = await gateway.nextFinished();
    expect([outcome, facts.status, facts.errorCode]).toEqual(['completed', 200, null]);
  });

  it('shows its head before its first event', async () => {
    const goOn = deferred();
    const { client } = await scene(async (turn) => {
      await turn.beginStream();
      await goOn.promise;
      await turn.endStream();
    });
    const sender = await client();
    sender.send(chatText());
    expect((await sender.head()).status).toBe(200);
    goOn.resolve();
    expect(await sender.chunk()).toBe('');
  });

  it('leaves with its head and first event in one write', async () => {
    const { client } = await scene(async (turn) => {
      await turn.body();
      await turn.write(
        'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n' +
          '9\r\ndata: 1\n\n\r\n9\r\ndata: 2\n\n\r\n',
      );
      await turn.closed();
    });
    const sender = await client();
    const firstData = once(sender.socket, 'data');
    sender.send(chatText());
    expect(String(await firstData)).toMatch(
      /^HTTP\/1\.1 200 OK\r\n[^]*data: 1\n\ndata: 2\n\n\r\n$/,
    );
  });

  it('gets comments while it is silent, but only between events', async () => {
    const steps = [deferred(), deferred()];
    const set = await scene(
      async (turn) => {
        await turn.beginStream();
        await steps[0]?.promise;
        await turn.chunk('data: 1');
        await steps[1]?.promise;
        await turn.chunk('\n\n');
        await turn.closed();
      },
      { settings: { keepaliveMs: 20 } },
    );
    const sender = await set.client();
    sender.send(chatText());
    await sender.head();
    expect(await sender.chunk()).toBe(COMMENT);
    expect(await sender.chunk()).toBe(COMMENT);
    steps[0]?.resolve();
    await eventually(
      () => sender.chunk(),
      (chunk) => chunk === 'data: 1',
    );
    await untilCommentsCame(set);
    steps[1]?.resolve();
    expect(await sender.chunk()).toBe('\n\n');
    expect(await sender.chunk()).toBe(COMMENT);
  });

  it.each([
    ['an ID', 'id: 7\ndata: 1\n\n', LINE],
    ['an ID, after which one goes on', 'data: 1\n\nid: 7\n', LINE],
    ['no ID, and one is under way', 'data: 1\n\nretry: 500\n', LINE],
    ['no ID', 'data: id:7\n\n', COMMENT],
  ])('gets comments that end no event where its events have %s', async (_what, events, comment) => {
    const set = await scene(
      async (turn) => {
        await turn.beginStream();
        await turn.chunk(events);
        await turn.closed();
      },
      { settings: { keepaliveMs: 10 } },
    );
    const sender = await set.client();
    sender.send(chatText());
    await sender.head();
    let received = '';
    while (!received.endsWith(events + comment + comment)) received += await sender.chunk();
    // Before the first of them nothing is known of them.
    expect(received.replaceAll(COMMENT, '')).toBe(
      comment === COMMENT ? events : events + comment + comment,
    );
  });

  it('loses its byte order mark where a comment came first, and none elsewhere', async () => {
    const mark = '\u00ef\u00bb\u00bf';
    const goOn = deferred();
    const set = await scene(
      async (turn) => {
        await turn.beginStream();
        await goOn.promise;
        await turn.chunk(mark.slice(0, 1));
        await turn.chunk(mark.slice(1));
        await turn.chunk(`data: 1\n\n${mark}`);
        await turn.closed();
      },
      { settings: { keepaliveMs: 20 } },
    );
    const sender = await set.client();
    sender.send(chatText());
    await sender.head();
    expect(await sender.chunk()).toBe(COMMENT);
    goOn.resolve();
    let seen = '';
    while (!seen.endsWith(mark)) seen += (await sender.chunk()).replace(COMMENT, '');
    expect(seen).toBe(`data: 1\n\n${mark}`);
  });

  it('is the only kind of reply that gets comments', async () => {
    const goOn = deferred();
    const set = await scene(
      async (turn) => {
        await turn.beginStream('application/json');
        await turn.chunk('{');
        await goOn.promise;
        await turn.chunk('}');
        await turn.endStream();
      },
      { settings: { keepaliveMs: 10 } },
    );
    const sender = await set.client();
    sender.send(chatText());
    await sender.head();
    expect(await sender.chunk()).toBe('{');
    await untilCommentsCame(set);
    goOn.resolve();
    expect(await sender.chunk()).toBe('}');
  });
});

describe('admission', () => {
  it('refuses exchanges above the limit with 503 and serves again after', async () => {
    const goOn = deferred();
    const { client, gateway } = await scene(
      async (turn) => {
        await goOn.promise;
        await turn.json('{}');
      },
      { settings: { limits: limits({ maxInFlight: 1 }) } },
    );
    const [first, second] = [await client(), await client()];
    const started = gateway.nextStarted();
    first.send(chatText());
    await started;
    second.send(chatText());
    const refused = await second.reply();
    expect(refused.status).toBe(503);
    expect(JSON.parse(refused.body)).toMatchObject({ error: { code: 'overloaded' } });
    expect(headerIn(refused.headerLines, 'retry-after')).toBe('1');
    second.send(requestText('GET /health/live'));
    expect((await second.reply()).status).toBe(200);
    goOn.resolve();
    expect((await first.reply()).status).toBe(200);
    await gateway.nextFinished();
    await gateway.nextFinished();
    second.send(chatText());
    expect((await second.reply()).status).toBe(200);
  });

  it('refuses exchanges while draining and closes the connections of those that run', async () => {
    const goOn = deferred();
    const { client, gateway } = await scene(async (turn) => {
      await goOn.promise;
      await turn.json('{}');
    });
    const [first, second] = [await client(), await client()];
    const started = gateway.nextStarted();
    first.send(chatText());
    await started;
    gateway.app.get(DrainState).refuse();
    second.send(chatText());
    const refused = await second.reply();
    expect(refused.status).toBe(503);
    expect(JSON.parse(refused.body)).toMatchObject({ error: { code: 'draining' } });
    expect(headerIn(refused.headerLines, 'connection')).toBe('close');
    await second.ended();
    goOn.resolve();
    const served = await first.reply();
    expect(served.status).toBe(200);
    expect(headerIn(served.headerLines, 'connection')).toBe('close');
    await first.ended();
  });
});

describe('what happens to an exchange', () => {
  it('is told once, and a listener that throws changes nothing', async () => {
    const { client, gateway } = await scene((turn) => turn.json('{"a":1}'));
    const { EventEmitter2 } = await import('@nestjs/event-emitter');
    gateway.app.get(EventEmitter2).prependListener('exchange.finished', () => {
      throw new Error('a mistake of the listener');
    });
    const sender = await client();
    sender.send(chatText());
    expect((await sender.reply()).status).toBe(200);
    sender.send(chatText());
    expect((await sender.reply()).status).toBe(200);
  });

  it('counts no bytes of a body that HEAD leaves out', async () => {
    const { client, gateway } = await scene((turn) =>
      turn.request.target === '/v1/broken'
        ? turn.write('no HTTP\r\n\r\n')
        : turn.write('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n'),
    );
    const sender = await client();
    for (const target of ['/v1/whole', '/v1/broken']) {
      sender.send(requestText(`HEAD ${target}`));
      await sender.head();
    }
    for (const status of [200, 502]) {
      const { facts } = await gateway.nextFinished();
      expect([facts.status, facts.bytesOut, facts.firstByteMs]).toEqual([status, 0, null]);
    }
  });

  it('is noted in its facts', async () => {
    const { client, gateway } = await scene((turn) => turn.json('{"a":1}'));
    const sender = await client();
    const body = '{"model":"m","messages":["x"]}';
    sender.send(chatText(body));
    await sender.reply();
    const { method, path, phase, outcome, route, facts } = await gateway.nextFinished();
    expect([method, path, phase, outcome]).toEqual([
      'POST',
      '/v1/chat/completions',
      'finished',
      'completed',
    ]);
    expect(route?.backend.name).toBe('local');
    expect(facts).toMatchObject({
      requestedModel: 'm',
      attempts: 1,
      status: 200,
      errorCode: null,
      bytesIn: body.length,
      bytesOut: 7,
      headersMs: expect.any(Number),
      firstByteMs: expect.any(Number),
      totalMs: expect.any(Number),
    });
  });
});
