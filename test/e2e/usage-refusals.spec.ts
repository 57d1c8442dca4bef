import { describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { type BackendConfig } from '../../src/config/typed/backend-config.js';
import { chatText } from '../support/client/http-text.js';
import { headerIn } from '../support/client/raw-client.js';
import { backend, configOf } from '../support/gateway/config.js';
import { useScenes } from '../support/gateway/scene.js';
import { deferred } from '../support/time/deferred.js';
import { type UpstreamScript, type UpstreamTurn } from '../support/upstream/scripted-upstream.js';
import { settings, useUsageScenes } from './usage-scene.js';

const scenes = useScenes();
const usageScene = useUsageScenes();
const scene = (script: UpstreamScript, backend: Partial<BackendConfig> = {}) =>
  usageScene(script, { backend });

const asking = (model: string): string =>
  `{"model":"${model}","messages":[{"role":"user","content":"hi"}],"stream":true}`;
const asked = (model: string): string =>
  `${asking(model).slice(0, -1)},"stream_options":{"include_usage":true}}`;
const STREAM = asking('m');
const STREAM_ASKED = asked('m');
const USAGE = 'data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":3}}\n\n';
const DELTA = 'data: {"choices":[{"index":0,"delta":{"content":"Hi"}}]}\n\n';
const DONE = 'data: [DONE]\n\n';
const ANSWER = DELTA + DONE;

const streaming: UpstreamScript = async (turn) => {
  const isAsked = (await turn.body()).includes('include_usage');
  await turn.beginStream();
  await turn.chunk(DELTA + (isAsked ? USAGE : '') + DONE);
  await turn.endStream();
};

/** Answers with the error, given as a whole reply, as long as it is asked for the usage. */
const refusingWith =
  (reply: string | Uint8Array): UpstreamScript =>
  async (turn) => {
    if ((await turn.body()).includes('include_usage')) await turn.write(reply);
    else await streaming(turn);
  };

const errorReply = (status: string, body: string, headers = ''): string =>
  `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n${headers}\r\n${body}`;

const compressed = (status: string, body: string): Uint8Array => {
  const bytes = gzipSync(body);
  const head = `HTTP/1.1 ${status}\r\nContent-Encoding: gzip\r\nContent-Length: ${bytes.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
};

describe('a backend that refuses stream_options', () => {
  const REFUSAL = '{"error":{"message":"Unrecognized request argument: stream_options"}}';

  it.each(['400 Bad Request', '422 Unprocessable Entity'])(
    'is asked once more without it after a %s, and not again',
    async (status) => {
      const { client, gateway, bodies } = await scene(refusingWith(errorReply(status, REFUSAL)));
      const sender = await client();
      sender.send(chatText(STREAM));
      const reply = await sender.reply();
      expect(reply).toMatchObject({ status: 200, body: ANSWER });
      expect(headerIn(reply.headerLines, 'x-sluice-attempts')).toBe('2');
      expect(bodies).toEqual([STREAM_ASKED, STREAM]);
      const { facts } = await gateway.nextFinished();
      expect(facts).toMatchObject({ attempts: 2, status: 200 });
      const [code] = status.split(' ');
      expect(facts.pastAttempts).toMatchObject([
        { backend: 'local', status: Number(code), errorCode: null },
      ]);
      sender.send(chatText(STREAM));
      expect((await sender.reply()).body).toBe(ANSWER);
      expect(bodies).toEqual([STREAM_ASKED, STREAM, STREAM]);
    },
  );

  it('is not asked for a while where the repetition was refused as well', async () => {
    const { client, bodies } = await scene((turn) => turn.json(REFUSAL, { status: '400 No' }));
    const sender = await client();
    for (let count = 0; count < 2; count++) {
      sender.send(chatText(STREAM));
      expect(await sender.reply()).toMatchObject({ status: 400, body: REFUSAL });
    }
    expect(bodies).toEqual([STREAM_ASKED, STREAM, STREAM]);
  });

  it.each([
    ['speaks of it in other words', errorReply('400 No', '{"error":"Stream options: no"}')],
    ['speaks of extra inputs', errorReply('422 No', '{"detail":"Extra inputs are not permitted"}')],
    ['says nothing', errorReply('400 No', '')],
    ['names it compressed', compressed('400 No', REFUSAL)],
    ['names it escaped', errorReply('400 No', '{"error":"stream\\u005foptions not allowed"}')],
    ['fails of it', errorReply('500 Oops', '{"error":"unexpected keyword stream_options"}')],
    ['fails of it, compressed', compressed('500 Oops', REFUSAL)],
    ['has not implemented it', errorReply('501 No', '{"error":"include\\u005fusage"}')],
    ['does not find it', errorReply('404 No', '{"error":"no such thing: streamOptions"}')],
  ])('is asked once more without it when it %s, and not again', async (_, refusal) => {
    const { client, bodies } = await scene(refusingWith(refusal));
    const sender = await client();
    for (let count = 0; count < 2; count++) {
      sender.send(chatText(STREAM));
      expect(await sender.reply()).toMatchObject({ status: 200, body: ANSWER });
    }
    expect(bodies).toEqual([STREAM_ASKED, STREAM, STREAM]);
  });

  it.each(['404 Not Found', '500 Oops', '501 No'])(
    'is not thought to when it answers %s for another reason',
    async (status) => {
      const error = errorReply(status, '{"error":"no such model"}', 'X-Odd: 1\r\n');
      const { client, bodies } = await scene(refusingWith(error));
      const sender = await client();
      sender.send(chatText(STREAM));
      const reply = await sender.reply();
      expect(`${reply.status}`).toBe(status.split(' ')[0]);
      expect(reply.body).toBe('{"error":"no such model"}');
      expect(headerIn(reply.headerLines, 'x-odd')).toBe('1');
      expect(bodies).toEqual([STREAM_ASKED]);
    },
  );

  it('gets a compressed error of another kind to the client as it is', async () => {
    const error = compressed('500 Oops', '{"error":"out of memory"}');
    const { client, bodies } = await scene(refusingWith(error));
    const sender = await client();
    sender.send(chatText(STREAM));
    const { status, headerLines, body } = await sender.reply();
    expect([status, headerIn(headerLines, 'content-encoding')]).toEqual([500, 'gzip']);
    expect(Buffer.from(error).toString('latin1').endsWith(`\r\n\r\n${body}`)).toBe(true);
    expect(bodies).toEqual([STREAM_ASKED]);
  });

  it('is not looked for in more than 64 KiB of an error, decoded or not', async () => {
    const long = `{"error":"${'x'.repeat(65_536)} stream_options"}`;
    for (const reply of [errorReply('400 No', long), compressed('500 No', long)]) {
      const { client, bodies } = await scene(refusingWith(reply));
      const sender = await client();
      sender.send(chatText(STREAM));
      const { body } = await sender.reply();
      expect(Buffer.from(reply).toString('latin1').endsWith(body)).toBe(true);
      expect(bodies).toEqual([STREAM_ASKED]);
    }
  });

  it('is asked once more itself, and no other backend in its place', async () => {
    const bodies = [[], [], [], []] as string[][];
    const upstreams = await Promise.all(
      bodies.map((seen) =>
        scenes.upstreamOf(async (turn) => {
          seen.push(await turn.body());
          await refusingWith(errorReply('400 No', REFUSAL))(turn);
        }),
      ),
    );
    const backends = upstreams.map(({ url }, index) => backend(url, { name: `b${index}` }));
    const sender = await scenes.clientOf(await scenes.gatewayOf(backends, settings));
    const models = Array.from({ length: 8 }, (_, index) => `m${index}`);
    for (const model of models) {
      sender.send(chatText(asking(model)));
      expect(await sender.reply()).toMatchObject({ status: 200, body: ANSWER });
    }
    const inPairs = (seen: readonly string[]): string[] =>
      models.filter((model) => seen.includes(asking(model))).flatMap((m) => [asked(m), asking(m)]);
    expect(bodies).toEqual(bodies.map(inPairs));
  });

  it('costs a client none of the retries that it has', async () => {
    const answers: UpstreamScript[] = [
      (turn) => turn.json('{}', { status: '503 Busy' }),
      (turn) => turn.json(REFUSAL, { status: '400 No' }),
      (turn) => turn.json('{}', { status: '503 Busy' }),
      streaming,
    ];
    const bodies: string[] = [];
    const upstream = await scenes.upstreamOf(async (turn) => {
      bodies.push(await turn.body());
      await answers.shift()?.(turn);
    });
    const backends = ['a', 'b'].map((name) => backend(upstream.url, { name }));
    const retries = { ...configOf([]).settings.retries, maxRepeats: 1 };
    const gateway = await scenes.gatewayOf(backends, { ...settings, retries });
    const sender = await scenes.clientOf(gateway);
    sender.send(chatText(STREAM));
    expect(await sender.reply()).toMatchObject({ status: 200, body: ANSWER });
    expect(bodies).toEqual([STREAM_ASKED, STREAM_ASKED, STREAM, STREAM]);
  });

  it('is no matter to a client that asked itself', async () => {
    const { client, bodies } = await scene(refusingWith(errorReply('400 No', REFUSAL)));
    const sender = await client();
    sender.send(chatText(STREAM_ASKED));
    expect(await sender.reply()).toMatchObject({ status: 400, body: REFUSAL });
    expect(bodies).toEqual([STREAM_ASKED]);
  });

  it('leaves no request behind when the client goes while it is asked again', async () => {
    const isAskedAgain = deferred<UpstreamTurn>();
    const { client, gateway } = await scene(async (turn) => {
      if ((await turn.body()).includes('stream_options')) {
        await turn.json(REFUSAL, { status: '400 Bad Request' });
      } else {
        isAskedAgain.resolve(turn);
        await turn.closed();
      }
    });
    const sender = await client();
    sender.send(chatText(STREAM));
    const turn = await isAskedAgain.promise;
    sender.reset();
    await turn.closed();
    expect((await gateway.nextFinished()).outcome).toBe('client_aborted');
  });
});

describe('an error that is the client’s own', () => {
  const MISTAKE = '{"error":"temperature: -1"}';
  const mistaking: UpstreamScript = (turn) =>
    turn.write(errorReply('400 Bad Request', MISTAKE, 'X-Odd: 1\r\n'));

  it('is answered with what the backend says without the question', async () => {
    const { client, gateway, bodies } = await scene(async (turn) => {
      const isAsked = (await turn.body()).includes('include_usage');
      if (isAsked) await turn.write(errorReply('400 No', '{"error":"first"}'));
      else await mistaking(turn);
    });
    const sender = await client();
    sender.send(chatText(STREAM));
    const { status, headerLines, body } = await sender.reply();
    expect([status, body, headerIn(headerLines, 'x-odd')]).toEqual([400, MISTAKE, '1']);
    expect(headerIn(headerLines, 'content-length')).toBe(`${MISTAKE.length}`);
    expect(bodies).toEqual([STREAM_ASKED, STREAM]);
    expect((await gateway.nextFinished()).facts.attempts).toBe(2);
  });

  it('costs one request more for a while, in which the model is not asked for its usage', async () => {
    const { client, upstream, bodies } = await scene(mistaking);
    const sender = await client();
    for (let count = 0; count < 3; count++) {
      sender.send(chatText(STREAM));
      expect(await sender.reply()).toMatchObject({ status: 400, body: MISTAKE });
    }
    expect(bodies.splice(0)).toEqual([STREAM_ASKED, STREAM, STREAM, STREAM]);
    upstream.become(async (turn) => {
      bodies.push(await turn.body());
      await streaming(turn);
    });
    // Whoever else asks for that model is not failed by it, and for another one is not touched.
    for (const model of ['m', 'n']) {
      sender.send(chatText(asking(model)));
      expect(await sender.reply()).toMatchObject({ status: 200, body: ANSWER });
    }
    expect(bodies).toEqual([STREAM, asked('n')]);
  });

  it('costs none where the backend was seen to answer the question', async () => {
    const { client, upstream, bodies } = await scene(streaming);
    const sender = await client();
    sender.send(chatText(STREAM));
    await sender.reply();
    upstream.become(async (turn) => {
      bodies.push(await turn.body());
      await mistaking(turn);
    });
    for (let count = 0; count < 2; count++) {
      sender.send(chatText(STREAM));
      expect(await sender.reply()).toMatchObject({ status: 400, body: MISTAKE });
    }
    expect(bodies).toEqual([STREAM_ASKED, STREAM_ASKED, STREAM_ASKED]);
  });
});

describe('an error that repeats the request', () => {
  const echo: UpstreamScript = async (turn) => {
    await turn.write(errorReply('422 No', `{"detail":[{"input":${await turn.body()}}]}`));
  };

  it('is repeated once in a while where the model has answered, which is asked on', async () => {
    const { client, upstream, bodies } = await scene(streaming);
    const sender = await client();
    const ask = async (): Promise<number> => {
      sender.send(chatText(STREAM));
      return (await sender.reply()).status;
    };
    const noting =
      (script: UpstreamScript): UpstreamScript =>
      async (turn) => {
        bodies.push(await turn.body());
        await script(turn);
      };
    expect(await ask()).toBe(200);
    upstream.become(noting(echo));
    expect([await ask(), await ask(), await ask()]).toEqual([422, 422, 422]);
    upstream.become(noting(streaming));
    expect(await ask()).toBe(200);
    expect(bodies).toEqual([
      STREAM_ASKED,
      ...[STREAM_ASKED, STREAM, STREAM_ASKED, STREAM_ASKED],
      STREAM_ASKED,
    ]);
  });

  it('is followed by a while in which a model is not asked that has not answered', async () => {
    const { client, bodies } = await scene(echo);
    const sender = await client();
    for (let count = 0; count < 3; count++) {
      sender.send(chatText(STREAM));
      expect((await sender.reply()).status).toBe(422);
    }
    expect(bodies).toEqual([STREAM_ASKED, STREAM, STREAM, STREAM]);
  });
});

describe('an error by chance', () => {
  it('stops the question for its model alone', async () => {
    let errors = 1;
    const { client, bodies } = await scene(async (turn) => {
      const isFlaky = (await turn.body()).includes('"flaky"');
      if (isFlaky && errors-- > 0) await turn.write(errorReply('400 No', '{"error":"try again"}'));
      else await streaming(turn);
    });
    const sender = await client();
    for (const model of ['m', 'flaky', 'm', 'n', 'flaky']) {
      sender.send(chatText(asking(model)));
      expect(await sender.reply()).toMatchObject({ status: 200, body: ANSWER });
    }
    expect(bodies).toEqual([
      ...[asked('m'), asked('flaky'), asking('flaky')],
      ...[asked('m'), asked('n'), asking('flaky')],
    ]);
  });
});

describe('a repeat without the question that gets no reply', () => {
  const MISTAKE = '{"error":"max_tokens: -1"}';
  const TIMEOUTS = { connectMs: 0, headersMs: 50, firstTokenMs: 0, idleMs: 0, totalMs: 0 };

  it.each([
    ['names nothing', MISTAKE, (turn: UpstreamTurn) => turn.socket.destroy()],
    ['stood before a stall', MISTAKE, (turn: UpstreamTurn) => turn.closed()],
  ])('leaves the client the first error, which %s', async (_, error, leave) => {
    const { client, gateway, bodies } = await scene(
      async (turn) => {
        const isAsked = (await turn.body()).includes('include_usage');
        if (isAsked) await turn.write(errorReply('422 No', error, 'X-Odd: 1\r\n'));
        else await leave(turn);
      },
      { timeouts: TIMEOUTS },
    );
    const sender = await client();
    sender.send(chatText(STREAM));
    const { status, headerLines, body } = await sender.reply();
    expect([status, body, headerIn(headerLines, 'x-odd')]).toEqual([422, error, '1']);
    expect(bodies.slice(0, 2)).toEqual([STREAM_ASKED, STREAM]);
    const { facts, outcome, route } = await gateway.nextFinished();
    expect([outcome, facts.status, facts.errorCode]).toEqual(['completed', 422, null]);
    expect(route?.backend.name).toBe('local');
    expect(facts.pastAttempts?.[0]).toMatchObject({ backend: 'local', status: 422 });
    expect(facts.pastAttempts?.length).toBe(facts.attempts);
  });

  it('tells its own error where the first one names what the client never sent', async () => {
    const { client } = await scene(
      async (turn) => {
        const isAsked = (await turn.body()).includes('include_usage');
        if (isAsked) await turn.write(errorReply('422 No', '{"error":"stream_options"}'));
        else turn.socket.destroy();
      },
      { timeouts: TIMEOUTS },
    );
    const sender = await client();
    sender.send(chatText(STREAM));
    const { status, body } = await sender.reply();
    expect(status).toBe(502);
    expect(body).not.toContain('stream_options');
  });

  it('leaves it the first error where no place gets free for it', async () => {
    const first = deferred<UpstreamTurn>();
    const second = deferred<UpstreamTurn>();
    const { client, gateway } = await scenes.scene(
      async (turn) => {
        const isOther = (await turn.body()).includes('"other"');
        (isOther ? second : first).resolve(turn);
        await turn.closed();
      },
      {
        settings: { ...settings, queue: { max: 10, timeoutMs: 50 } },
        backend: { maxInFlight: 1 },
      },
    );
    const sender = await client();
    sender.send(chatText(STREAM));
    const turn = await first.promise;
    const other = await client();
    const waits = gateway.nextStarted();
    other.send(chatText(asking('other')));
    await waits;
    await turn.write(errorReply('400 No', MISTAKE));
    await second.promise;
    expect(await sender.reply()).toMatchObject({ status: 400, body: MISTAKE });
    const { facts } = await gateway.nextFinished();
    expect([facts.attempts, facts.pastAttempts?.length]).toEqual([1, 1]);
  });
});

describe('an error that breaks off while it is looked at', () => {
  const begun = 'HTTP/1.1 400 Bad Request\r\nX-Odd: 1\r\nContent-Length: 100\r\n\r\n';
  const timeouts = { connectMs: 0, headersMs: 0, firstTokenMs: 0, idleMs: 50, totalMs: 0 };

  it.each([
    ['stalls', '{"err', (turn: UpstreamTurn) => turn.closed()],
    ['stalls before it begins', '', (turn: UpstreamTurn) => turn.closed()],
    ['is cut', '{"err', (turn: UpstreamTurn) => turn.socket.end()],
  ])('passes as far as it came, and is cut when it %s', async (_, body, leave) => {
    const script: UpstreamScript = async (turn) => {
      await turn.write(begun + body);
      await leave(turn);
    };
    const { client, gateway, bodies } = await scene(script, { timeouts });
    const sender = await client();
    sender.send(chatText(STREAM));
    const { status, headerLines } = await sender.head();
    expect([status, headerIn(headerLines, 'x-odd')]).toEqual([400, '1']);
    await sender.ended();
    expect(sender.reader.received).toBe(body);
    expect(bodies).toEqual([STREAM_ASKED]);
    const { outcome, facts } = await gateway.nextFinished();
    expect([outcome, facts.status]).toEqual(['upstream_failed', 400]);
  });

  it('is cut as well where it is too long to be looked at', async () => {
    const long = 'x'.repeat(65_537);
    const { client } = await scene(
      async (turn) => {
        await turn.write(`HTTP/1.1 400 No\r\nContent-Length: 100000\r\n\r\n${long}`);
        await turn.closed();
      },
      { timeouts },
    );
    const sender = await client();
    sender.send(chatText(STREAM));
    await sender.head();
    await sender.ended();
    expect(sender.reader.received).toBe(long);
  });
});
