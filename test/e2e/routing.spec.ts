import { describe, expect, it } from '@jest/globals';
import { chatText, requestText } from '../support/client/http-text.js';
import { headerIn } from '../support/client/raw-client.js';
import { backend } from '../support/gateway/config.js';
import { useScenes } from '../support/gateway/scene.js';

const { scene, upstreamOf, gatewayOf, clientOf } = useScenes();

const JSON_TYPE = ['Content-Type: application/json'];

describe('the choice of a backend', () => {
  async function twoBackends() {
    const small = await upstreamOf((turn) => turn.json('"small"'));
    const large = await upstreamOf((turn) => turn.json('"large"'));
    const gateway = await gatewayOf([
      backend(small.url, { name: 'small', models: ['tiny-*', 'mini?'] }),
      backend(large.url, { name: 'large', models: ['gpt-*'] }),
    ]);
    return clientOf(gateway);
  }

  it.each([
    ['tiny-1', 'small'],
    ['mini2', 'small'],
    ['gpt-oss-20b', 'large'],
  ])('is the first that serves the model: %s', async (model, name) => {
    const sender = await twoBackends();
    for (const path of ['/v1/chat/completions', '/embeddings', '/v1/responses']) {
      const body = JSON.stringify({ model, messages: ['x'] });
      sender.send(requestText(`POST ${path}`, { headers: JSON_TYPE, body }));
      const reply = await sender.reply();
      expect([reply.status, reply.body]).toEqual([200, JSON.stringify(name)]);
      expect(headerIn(reply.headerLines, 'x-sluice-backend')).toBe(name);
    }
  });

  it('is refused with 404 for a model that none serves, naming what is served', async () => {
    const sender = await twoBackends();
    sender.send(chatText('{"model":"mini12","messages":["x"]}'));
    const { status, body } = await sender.reply();
    expect(status).toBe(404);
    expect(JSON.parse(body)).toEqual({
      error: {
        message: "no backend serves the model 'mini12'; served are: tiny-*, mini?, gpt-*",
        type: 'not_found_error',
        code: 'model_not_found',
        param: 'model',
      },
    });
  });

  it('is the first for a request that names no model', async () => {
    const sender = await twoBackends();
    sender.send(requestText('GET /v1/anything'));
    expect((await sender.reply()).body).toBe('"small"');
    sender.send(requestText('POST /v1/files', { body: 'file' }));
    expect((await sender.reply()).body).toBe('"small"');
  });

  it('is refused with 400 for a chat completion that names no model', async () => {
    const sender = await twoBackends();
    sender.send(chatText('{"messages":["x"]}'));
    const { status, body } = await sender.reply();
    expect(status).toBe(400);
    expect(JSON.parse(body)).toMatchObject({ error: { code: 'missing_field', param: 'model' } });
  });

  it('is refused with 400 for JSON that must be read and is none', async () => {
    const sender = await twoBackends();
    sender.send(requestText('POST /v1/embeddings', { headers: JSON_TYPE, body: '{"model":' }));
    const { status, body } = await sender.reply();
    expect(status).toBe(400);
    expect(JSON.parse(body)).toMatchObject({ error: { code: 'invalid_json' } });
  });
});

describe('a backend with a model of its own', () => {
  it.each([
    [
      '{"a":1.0, "model" : "x", "n":9223372036854775808}',
      '{"a":1.0, "model" : "own", "n":9223372036854775808}',
    ],
    [
      '{"model":"x","a":{"model":"y"},"model":"z"}',
      '{"model":"own","a":{"model":"y"},"model":"own"}',
    ],
    ['{"messages":["\\u0000é"]}', '{"messages":["\\u0000é"],"model":"own"}'],
    ['{"model":null,"messages":[]}', '{"model":"own","messages":[]}'],
  ])('replaces only those bytes: %s', async (body, expected) => {
    let received = '';
    const { client, gateway } = await scene(
      async (turn) => {
        received = await turn.body();
        await turn.json('{}');
      },
      { backend: { model: 'own' } },
    );
    const sender = await client();
    sender.send(requestText('POST /v1/embeddings', { headers: JSON_TYPE, body }));
    expect((await sender.reply()).status).toBe(200);
    expect(received).toBe(Buffer.from(expected).toString('latin1'));
    expect((await gateway.nextFinished()).route?.model).toBe('own');
  });

  it('leaves an upload alone', async () => {
    let received = '';
    const { client } = await scene(
      async (turn) => {
        received = await turn.body();
        await turn.json('{}');
      },
      { backend: { model: 'own' } },
    );
    const sender = await client();
    const headers = ['Content-Type: multipart/form-data; boundary=b'];
    const body = '--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nx\r\n--b--\r\n';
    sender.send(requestText('POST /v1/audio/transcriptions', { headers, body }));
    expect((await sender.reply()).status).toBe(200);
    expect(received).toBe(body);
  });
});

describe('the path on a backend', () => {
  it('takes the base path of its URL in place of /v1', async () => {
    const { client, upstream } = await scene((turn) => turn.json('{}'), { base: '/api/openai/' });
    const sender = await client();
    for (const target of ['/v1/chat/x?y=1', '/models/m', '/v1', '/other']) {
      sender.send(requestText(`GET ${target}`));
      await sender.reply();
    }
    expect(upstream.requests.map(({ target }) => target)).toEqual([
      '/api/openai/chat/x?y=1',
      '/api/openai/models/m',
      '/v1',
      '/other',
    ]);
  });
});
