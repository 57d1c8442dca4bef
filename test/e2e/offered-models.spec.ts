import { describe, expect, it } from '@jest/globals';
import { requestText } from '../support/client/http-text.js';
import { headerIn, type RawReply } from '../support/client/raw-client.js';
import { writtenConfig } from '../support/gateway/config.js';
import { useScenes } from '../support/gateway/scene.js';
import { PROBE_PATH } from '../support/upstream/scripted-upstream.js';

const { upstreamOf, gatewayWith, clientOf } = useScenes();

/** Three backends that answer with the body they got. */
async function three(models: object, settings: object = {}) {
  const echo = async () =>
    upstreamOf(async (turn) => {
      await turn.json(await turn.body());
    });
  const written = async (name: string, rest: object = {}) => {
    const { url } = await echo();
    const reasoning = { input: 'none', output: 'keep' };
    return { name, url, reasoning, health: { path: PROBE_PATH, interval: 600 }, ...rest };
  };
  const gateway = await gatewayWith(
    writtenConfig({
      primary_backends: [
        await written('small', { models: ['tiny-*'], params: { default: { top_k: 1 } } }),
        await written('large', { models: ['gpt-*'] }),
      ],
      fallback_backends: [await written('owner', { models: ['own-*'], model: 'own-model' })],
      models,
      settings,
    }),
  );
  const sender = await clientOf(gateway);
  return async (body: string, path = '/v1/chat/completions') => {
    sender.send(requestText(`POST ${path}`, { headers: ['Content-Type: application/json'], body }));
    return sender.reply();
  };
}

const backendOf = ({ headerLines }: RawReply) => headerIn(headerLines, 'x-sluice-backend');

const MESSAGES = '"messages":[{"role":"user","content":"hi"}]';

describe('an offered model', () => {
  it('is served by the backends it names, whatever their globs say, under its own name there', async () => {
    const ask = await three({ fast: { model: 'gpt-oss-20b', backends: ['small'] } });
    const reply = await ask(`{ "model" : "fast", ${MESSAGES} }`);
    expect([backendOf(reply), reply.body]).toEqual([
      'small',
      `{ "model" : "gpt-oss-20b", ${MESSAGES},"top_k":1 }`,
    ]);
  });

  it('has the requested name sent without a model of its own', async () => {
    const ask = await three({ 'gpt-x': { backends: ['large'] } });
    expect((await ask(`{"model":"gpt-x",${MESSAGES}}`)).body).toBe(`{"model":"gpt-x",${MESSAGES}}`);
  });

  it('gives way to the model of the backend', async () => {
    const ask = await three({ fast: { model: 'gpt-oss-20b', backends: ['owner'] } });
    const reply = await ask(`{"model":"fast",${MESSAGES}}`);
    expect(reply.body).toBe(`{"model":"own-model",${MESSAGES}}`);
  });

  it('has its parameters over those of backend and settings, and touches no other byte', async () => {
    const params = { set: { temperature: 0.5 }, default: { top_k: 3 }, drop: ['seed'] };
    const ask = await three(
      { fast: { backends: ['small'], params } },
      { params: { set: { temperature: 1, min_p: 0.1 }, default: { top_p: 0.9 } } },
    );
    const reply = await ask(`{"model":"fast","n":1.0,"temperature":2,"seed":7,${MESSAGES}}`);
    expect(reply.body).toBe(
      `{"model":"fast","n":1.0,"temperature":0.5,${MESSAGES},"min_p":0.1,"top_p":0.9,"top_k":3}`,
    );
  });

  it.each([
    ['and says nothing of the bytes that were changed', 'gpt-oss-20b', []],
    ['and says of its bytes what the client does, where none is changed', 'gpt-x', ['x', 'y', 'z']],
  ])('goes to the backend under its name %s', async (_what, model, told) => {
    const upstream = await upstreamOf((turn) => turn.json('{}'));
    const gateway = await gatewayWith(
      writtenConfig({
        primary_backends: [{ name: 'a', url: upstream.url, health: { path: PROBE_PATH } }],
        models: { 'gpt-x': { model } },
      }),
    );
    const sender = await clientOf(gateway);
    const headers = ['Content-Digest: x', 'Digest: y', 'X-Other: o', 'Content-MD5: z'];
    const body = `{"model":"gpt-x",${MESSAGES}}`;
    sender.send(requestText('POST /v1/chat/completions', { headers, body }));
    await sender.reply();
    const [request] = upstream.requests;
    const names = ['content-digest', 'digest', 'content-md5'];
    expect(names.map((name) => request?.header(name)).filter((value) => value !== null)).toEqual(
      told,
    );
    expect(request?.header('x-other')).toBe('o');
  });

  it('has its text put at the end of the last user message', async () => {
    const ask = await three({
      fast: { backends: ['large'], append_to_last_user_message: ' /no_think' },
    });
    const reply = await ask(`{"model":"fast",${MESSAGES}}`);
    expect(reply.body).toBe(
      '{"model":"fast","messages":[{"role":"user","content":"hi /no_think"}]}',
    );
  });

  it('called default serves chat requests that name none', async () => {
    const ask = await three({ default: { model: 'gpt-d', backends: ['large'] } });
    const reply = await ask(`{${MESSAGES}}`);
    expect([backendOf(reply), reply.body]).toEqual(['large', `{${MESSAGES},"model":"gpt-d"}`]);
  });

  it('is named first in the answer to one that is not served; default is no name to ask for', async () => {
    const ask = await three({ fast: { backends: ['large'] }, default: { backends: ['large'] } });
    const { status, body } = await ask(`{"model":"other",${MESSAGES}}`);
    expect(status).toBe(404);
    expect(JSON.parse(body)).toMatchObject({
      error: {
        message: "no backend serves the model 'other'; served are: fast, tiny-*, gpt-*, own-*",
      },
    });
  });
});

describe('a chat request that names no model', () => {
  it('goes to a backend that has one of its own', async () => {
    const ask = await three({});
    const reply = await ask(`{${MESSAGES}}`);
    expect([backendOf(reply), reply.body]).toEqual(['owner', `{${MESSAGES},"model":"own-model"}`]);
  });
});

describe('a model that is not offered', () => {
  it('is served by the backends whose globs match, fallbacks among them', async () => {
    const ask = await three({});
    expect(backendOf(await ask(`{"model":"tiny-1",${MESSAGES}}`))).toBe('small');
    expect(backendOf(await ask(`{"model":"own-1",${MESSAGES}}`))).toBe('owner');
    expect(backendOf(await ask('{"model":"gpt-1","input":"x"}', '/v1/embeddings'))).toBe('large');
  });

  it('is not repeated at length when it is not served', async () => {
    const ask = await three({});
    const { body } = await ask(`{"model":"${'x'.repeat(10_000)}",${MESSAGES}}`);
    expect(body.length).toBeLessThan(400);
  });
});

describe('requests of other kinds', () => {
  it('go to the first backend, and none of their bytes changes', async () => {
    const ask = await three({}, { params: { set: { temperature: 1 } } });
    for (let round = 0; round < 5; round++) {
      const reply = await ask('{"input":"x"}', '/v1/batches');
      expect([backendOf(reply), reply.body]).toEqual(['small', '{"input":"x"}']);
    }
  });
});
