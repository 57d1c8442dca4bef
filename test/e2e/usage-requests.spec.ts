import { describe, expect, it } from '@jest/globals';
import { UsageEstimator } from '../../src/usage/estimating/usage-estimator.js';
import { chatText, requestText } from '../support/client/http-text.js';
import { backend, configOf, limits } from '../support/gateway/config.js';
import { type SceneOptions, useScenes } from '../support/gateway/scene.js';
import { deferred } from '../support/time/deferred.js';
import { MESSAGES, settings, streaming, useUsageScenes } from './usage-scene.js';

const scenes = useScenes();
const scene = useUsageScenes();
const JSON_TYPE = 'Content-Type: application/json';
const ASKED = '"stream_options":{"include_usage":true}';
const DELTA = 'data: {"choices":[{"index":0,"text":"Hi"}]}\n\n';

const post = (path: string, body: string): string =>
  requestText(`POST ${path}`, { headers: [JSON_TYPE], body });

const CHUNKED = [JSON_TYPE, 'Transfer-Encoding: chunked'];
const LAST_CHUNK = '0\r\n\r\n';

const chunkOf = (bytes: string): string => `${bytes.length.toString(16)}\r\n${bytes}\r\n`;

const postChunked = (path: string, ...pieces: readonly string[]): string => {
  const head = requestText(`POST ${path}`, { headers: CHUNKED });
  const chunks = pieces.filter((piece) => piece !== '').map(chunkOf);
  return head + chunks.join('') + LAST_CHUNK;
};

const setting = (name: string, json: string): SceneOptions => ({
  backend: { params: { set: [{ name, json }], default: [], drop: [] } },
});

describe('a request whose parameters are changed', () => {
  it.each([
    ['says that it wants no stream', `{"model":"m","stream":false,${MESSAGES}}`],
    [
      'has a tool with a parameter of that name',
      `{"model":"m","tools":[{"stream":{}}],${MESSAGES}}`,
    ],
  ])('is not asked for the usage of a stream when it %s', async (_, body) => {
    for (const path of ['/v1/chat/completions', '/v1/completions']) {
      const { client, bodies } = await scene((turn) => turn.json('{}'), setting('top_k', '1'));
      const sender = await client();
      sender.send(post(path, body));
      await sender.reply();
      expect(bodies).toEqual([`${body.slice(0, -1)},"top_k":1}`]);
    }
  });

  it('is asked for it when it becomes one for a stream', async () => {
    const { client, gateway, bodies } = await scene(streaming(DELTA), setting('stream', 'true'));
    const sender = await client();
    sender.send(chatText(`{"model":"m",${MESSAGES}}`));
    await sender.reply();
    expect(bodies).toEqual([`{"model":"m",${MESSAGES},"stream":true,${ASKED}}`]);
    expect((await gateway.nextFinished()).facts.stream).toBe(true);
  });

  it('is not asked for it when it becomes one for no stream', async () => {
    const { client, bodies } = await scene((turn) => turn.json('{}'), setting('stream', 'false'));
    const sender = await client();
    sender.send(chatText(`{"model":"m","stream":true,${MESSAGES}}`));
    await sender.reply();
    expect(bodies).toEqual([`{"model":"m","stream":false,${MESSAGES}}`]);
  });

  it('is asked for it when it came in chunks', async () => {
    const { client, bodies } = await scene(streaming(DELTA), setting('top_k', '1'));
    const sender = await client();
    sender.send(postChunked('/v1/completions', '{"prompt":"hi","stream":true}'));
    await sender.reply();
    expect(bodies).toEqual([`{"prompt":"hi","stream":true,"top_k":1,${ASKED}}`]);
  });
});

describe('a request that nothing else reads', () => {
  it.each([
    ['/v1/embeddings', '{"model":"m", "input":"hi"}', false],
    ['/v1/responses', '{"model":"m","input":"hi","stream":true}', true],
    ['/v1/messages', `{"model":"m",${MESSAGES},"stream":true}`, true],
    ['/v1/completions', '{"model":"m","prompt":"hi","stream":false}', false],
    ['/v1/rerank', '{"model":"m"}', false],
    ['/v1/images/generations', '{"model":"m","prompt":"hi"}', false],
    ['/v1/audio/speech', '{"model":"m","input":"hi"}', false],
  ])('tells its model at %s, and leaves as it came', async (path, body, stream) => {
    const { client, gateway, bodies } = await scene((turn) => turn.json('{}'));
    const sender = await client();
    sender.send(post(path, body));
    expect(await sender.reply()).toMatchObject({ status: 200, body: '{}' });
    expect(bodies).toEqual([body]);
    expect((await gateway.nextFinished()).facts).toMatchObject({ requestedModel: 'm', stream });
  });

  it.each(['{"model":', '[1]', '{"model":7}', '{"model":""}'])(
    'is the backend’s to refuse when it is %s',
    async (body) => {
      const { client, gateway, bodies } = await scene((turn) =>
        turn.json('{"error":"no"}', { status: '400 No' }),
      );
      const sender = await client();
      sender.send(post('/v1/responses', body));
      expect(await sender.reply()).toMatchObject({ status: 400, body: '{"error":"no"}' });
      expect(bodies).toEqual([body]);
      const { facts } = await gateway.nextFinished();
      expect(facts).toMatchObject({ requestedModel: null, stream: false });
    },
  );

  it.each([
    ['is an upload', 'POST /v1/audio/transcriptions', 'multipart/form-data; boundary=x'],
    ['is larger than one that is read', 'POST /v1/embeddings', 'application/json'],
  ])('streams through unread when it %s', async (_, line, type) => {
    const body = '{"model":"m","input":"too long"}';
    const { client, gateway, bodies } = await scene((turn) => turn.json('{}'), {
      settings: { ...settings, limits: limits({ maxBodyBytes: body.length - 1 }) },
    });
    const sender = await client();
    sender.send(requestText(line, { headers: [`Content-Type: ${type}`], body }));
    expect((await sender.reply()).status).toBe(200);
    expect(bodies).toEqual([body]);
    const exchange = await gateway.nextFinished();
    expect(exchange.facts.requestedModel).toBeNull();
    expect(exchange.body.buffered).toBeNull();
  });

  it('keeps its parameters where no parameter would be changed unless it were read', async () => {
    const { client, bodies } = await scene((turn) => turn.json('{}'), setting('top_k', '1'));
    const sender = await client();
    sender.send(post('/v1/messages/count_tokens', `{"model":"m",${MESSAGES}}`));
    await sender.reply();
    expect(bodies).toEqual([`{"model":"m",${MESSAGES}}`]);
  });

  it('is known to be for a stream by its reply where it is larger than one that is read', async () => {
    const body = '{"prompt":"hi","stream":true}';
    const { client, gateway } = await scene(streaming(DELTA), {
      settings: { ...settings, limits: limits({ maxBodyBytes: body.length - 1 }) },
    });
    const sender = await client();
    sender.send(postChunked('/v1/completions', body));
    await sender.reply();
    expect((await gateway.nextFinished()).facts.stream).toBe(true);
  });
});

describe('a request of unknown length that nothing else reads', () => {
  const BODY = '{"model":"m","input":"one two","stream":false}';
  const bounded = (maxBodyBytes: number): SceneOptions => ({
    settings: { ...settings, limits: limits({ maxBodyBytes }) },
  });

  it.each(['/v1/embeddings', '/v1/messages', '/v1/responses', '/v1/completions'])(
    'tells its model at %s however it is cut, and keeps its bytes',
    async (path) => {
      const { client, gateway, bodies } = await scene((turn) => turn.json('{}'), bounded(46));
      const sender = await client();
      for (let at = 0; at < BODY.length; at++) {
        sender.send(postChunked(path, BODY.slice(0, at), BODY.slice(at)));
        expect((await sender.reply()).status).toBe(200);
        expect((await gateway.nextFinished()).facts.requestedModel).toBe('m');
      }
      expect(bodies).toEqual(Array.from(BODY, () => BODY));
    },
  );

  it('is asked for the usage of its stream, which is kept from it', async () => {
    const usage = 'data: {"choices":[],"usage":{"prompt_tokens":9}}\n\n';
    const { client, gateway, bodies } = await scene(streaming(DELTA, usage));
    const sender = await client();
    sender.send(postChunked('/v1/completions', '{"model":"m","stream":', 'true}'));
    expect((await sender.reply()).body).toBe(DELTA);
    expect(bodies).toEqual([`{"model":"m","stream":true,${ASKED}}`]);
    const { facts } = await gateway.nextFinished();
    expect(facts).toMatchObject({ requestedModel: 'm', usage: { prompt_tokens: 9 } });
  });

  it('streams through, whole, when it turns out to be too large, however it is cut', async () => {
    const { client, gateway, upstream, bodies } = await scene(
      (turn) => turn.json('{}'),
      bounded(9),
    );
    const sender = await client();
    for (let at = 0; at < BODY.length; at++) {
      const pieces = [BODY.slice(0, at), BODY.slice(at, at + 5), BODY.slice(at + 5)];
      sender.send(postChunked('/v1/embeddings', ...pieces));
      expect((await sender.reply()).status).toBe(200);
      const { facts, body } = await gateway.nextFinished();
      expect([facts.requestedModel, facts.bytesIn, body.buffered]).toEqual([null, 46, null]);
    }
    expect(bodies).toEqual(Array.from(BODY, () => BODY));
    expect(upstream.requests.at(-1)?.header('transfer-encoding')).toBe('chunked');
  });

  it.each([
    ['when it is too large', '/v1/embeddings', JSON_TYPE],
    ['when it is no JSON', '/v1/audio/transcriptions', 'Content-Type: multipart/form-data'],
  ])('streams through while it still comes %s', async (_, path, type) => {
    const hasBegun = deferred();
    let body = '';
    const { client, gateway } = await scenes.scene(async (turn) => {
      hasBegun.resolve();
      body = await turn.body();
      await turn.json('{}');
    }, bounded(9));
    const sender = await client();
    const headers = [type, 'Transfer-Encoding: chunked'];
    sender.send(requestText(`POST ${path}`, { headers }) + chunkOf('{"input": '));
    await hasBegun.promise;
    sender.send(chunkOf('"x"}') + LAST_CHUNK);
    expect((await sender.reply()).status).toBe(200);
    expect(body).toBe('{"input": "x"}');
    expect((await gateway.nextFinished()).body.buffered).toBeNull();
  });

  it('is a megabyte, and as many bytes arrive', async () => {
    const pieces = Array.from({ length: 64 }, (_, index) => `${index % 10}`.repeat(16_384));
    const { client, bodies } = await scene((turn) => turn.json('{}'), bounded(100_000));
    const sender = await client();
    sender.send(postChunked('/v1/embeddings', ...pieces));
    expect((await sender.reply()).status).toBe(200);
    expect(bodies[0]?.length).toBe(1_048_576);
    expect(bodies[0] === pieces.join('')).toBe(true);
  });

  it('loses nothing while it waits for a backend with room', async () => {
    const hasRoom = deferred();
    const { client, bodies } = await scene(
      async (turn) => {
        await hasRoom.promise;
        await turn.json('{}');
      },
      {
        backend: { maxInFlight: 1 },
        settings: { ...bounded(9).settings, queue: { max: 1, timeoutMs: 60_000 } },
      },
    );
    const [first, second, third] = [await client(), await client(), await client()];
    first.send(postChunked('/v1/embeddings', '{}'));
    second.send(requestText('POST /v1/embeddings', { headers: CHUNKED }));
    for (const character of BODY) {
      second.send(chunkOf(character));
      // By its answer the gateway has read what came before.
      third.send(requestText('GET /health/live'));
      await third.reply();
    }
    second.send(LAST_CHUNK);
    hasRoom.resolve();
    expect((await first.reply()).status).toBe(200);
    expect((await second.reply()).status).toBe(200);
    expect(bodies).toEqual(['{}', BODY]);
  });

  it('is told to go on once', async () => {
    const { client, bodies } = await scene((turn) => turn.json('{}'), bounded(9));
    const sender = await client();
    const headers = [...CHUNKED, 'Expect: 100-continue'];
    sender.send(requestText('POST /v1/embeddings', { headers }));
    expect((await sender.head()).status).toBe(100);
    sender.send(chunkOf(BODY) + LAST_CHUNK);
    expect((await sender.reply()).status).toBe(200);
    expect(bodies).toEqual([BODY]);
  });

  it('is sent once more, from its beginning, where a backend did not take it', async () => {
    const upstream = await scenes.upstreamOf((turn) => turn.body().then((body) => turn.json(body)));
    const gone = await scenes.upstreamOf(() => undefined);
    await gone.close();
    const gateway = await scenes.gatewayWith({
      ...configOf([backend(gone.url, { name: 'gone' })], bounded(9).settings),
      fallbackBackends: [backend(upstream.url, { name: 'here' })],
    });
    const sender = await scenes.clientOf(gateway);
    sender.send(postChunked('/v1/messages/count_tokens', BODY));
    expect(await sender.reply()).toMatchObject({ status: 200, body: BODY });
  });

  it('is refused when it is too large and its parameters are to be changed', async () => {
    const { client, bodies } = await scene((turn) => turn.json('{}'), {
      ...setting('top_k', '1'),
      ...bounded(9),
    });
    const sender = await client();
    sender.send(postChunked('/v1/completions', BODY));
    expect((await sender.reply()).status).toBe(413);
    sender.send(postChunked('/v1/completions', '{"n":1}'));
    expect((await sender.reply()).status).toBe(200);
    expect(bodies).toEqual(['{"n":1,"top_k":1}']);
  });
});

describe('a stream that breaks off before it told its usage', () => {
  it('is counted as far as it came in responses', async () => {
    const { client, gateway } = await scene(async (turn) => {
      await turn.beginStream();
      await turn.chunk('data: {"type":"response.created","response":{"usage":null}}\n\n');
      await turn.chunk('data: {"type":"response.output_text.delta","delta":"one two three"}\n\n');
      await turn.closed();
    });
    const sender = await client();
    sender.send(
      post(
        '/v1/responses',
        '{"model":"m","stream":true,"instructions":"one","input":[{"role":"user","content":[{"type":"input_text","text":"hi"}]}]}',
      ),
    );
    await sender.reader.until((text) => text.includes('three'));
    sender.reset();
    const exchange = await gateway.nextFinished();
    expect(await gateway.app.get(UsageEstimator).estimate(exchange)).toMatchObject({
      completionTokens: 3,
      promptTokens: expect.any(Number),
    });
  });

  it('is not made up where a reply of that family is no stream', async () => {
    const { client, gateway } = await scene((turn) => turn.json('{"input_tokens":9}'));
    const sender = await client();
    sender.send(post('/v1/messages/count_tokens', `{"model":"m",${MESSAGES}}`));
    await sender.reply();
    const exchange = await gateway.nextFinished();
    expect(await gateway.app.get(UsageEstimator).estimate(exchange)).toBeNull();
  });
});
