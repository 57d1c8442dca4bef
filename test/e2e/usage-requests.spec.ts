import { describe, expect, it } from '@jest/globals';
import { UsageEstimator } from '../../src/usage/estimate/usage-estimator.js';
import { configOf, limits } from '../support/config.js';
import { chatText, requestText } from '../support/http-text.js';
import { type SceneOptions, useScenes } from '../support/scene.js';
import { type UpstreamScript } from '../support/scripted-upstream.js';

const scenes = useScenes();
const settings = { analytics: { ...configOf([]).settings.analytics, isEnabled: true } };
const JSON_TYPE = 'Content-Type: application/json';
const MESSAGES = '"messages":[{"role":"user","content":"hi"}]';
const ASKED = '"stream_options":{"include_usage":true}';
const DELTA = 'data: {"choices":[{"index":0,"text":"Hi"}]}\n\n';

/** What came upstream, and a gateway that wants to know what is used. */
async function scene(script: UpstreamScript, options: SceneOptions = {}) {
  const bodies: string[] = [];
  const set = await scenes.scene(
    async (turn) => {
      bodies.push(await turn.body());
      await script(turn);
    },
    { settings, ...options },
  );
  return { ...set, bodies };
}

const post = (path: string, body: string): string =>
  requestText(`POST ${path}`, { headers: [JSON_TYPE], body });

const postChunked = (path: string, body: string): string => {
  const head = requestText(`POST ${path}`, { headers: [JSON_TYPE, 'Transfer-Encoding: chunked'] });
  return `${head}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
};

const streaming =
  (...chunks: readonly string[]): UpstreamScript =>
  async (turn) => {
    await turn.beginStream();
    for (const chunk of chunks) await turn.chunk(chunk);
    await turn.endStream();
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

  it('is known to be for a stream by its reply where it came in chunks', async () => {
    const { client, gateway } = await scene(streaming(DELTA));
    const sender = await client();
    sender.send(postChunked('/v1/completions', '{"prompt":"hi","stream":true}'));
    await sender.reply();
    expect((await gateway.nextFinished()).facts.stream).toBe(true);
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
