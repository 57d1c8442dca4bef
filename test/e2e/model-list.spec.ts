import { describe, expect, it } from '@jest/globals';
import { writtenConfig } from '../support/config.js';
import { eventually } from '../support/eventually.js';
import { useScenes } from '../support/scene.js';
import { PROBE_PATH, type ScriptedUpstream } from '../support/scripted-upstream.js';

const { upstreamOf, gatewayWith } = useScenes();

const health = { path: PROBE_PATH, interval: 600 };

interface Listed {
  readonly id: string;
}

async function listing(ids: readonly string[]): Promise<ScriptedUpstream> {
  const upstream = await upstreamOf((turn) => turn.json('{"own":"answer"}'));
  upstream.list(...ids);
  return upstream;
}

async function gatewayOfTwo(): Promise<string> {
  const first = await listing(['tiny-1', 'shared', 'hidden']);
  const second = await listing(['shared', 'org/big']);
  const { url } = await gatewayWith(
    writtenConfig({
      primary_backends: [
        { name: 'first', url: first.url, models: ['tiny-*', 'shared'], health },
        { name: 'second', url: second.url, health },
      ],
      models: { fast: { model: 'tiny-1', backends: ['first'] }, default: { model: 'tiny-1' } },
    }),
  );
  return url;
}

const idsAt = async (url: string): Promise<string[]> => {
  const { data } = (await (await fetch(url)).json()) as { data: Listed[] };
  return data.map(({ id }) => id);
};

describe('GET /v1/models', () => {
  it('lists offered names first, then what each backend lists and its globs allow, each once', async () => {
    const url = await gatewayOfTwo();
    const expected = ['fast', 'tiny-1', 'shared', 'org/big'];
    const complete = (ids: string[]): boolean => ids.length === expected.length;
    expect(await eventually(() => idsAt(`${url}/v1/models`), complete)).toEqual(expected);
    expect(await idsAt(`${url}/models?any=query`)).toEqual(expected);
  });

  it('tells what an offered name stands for', async () => {
    const url = await gatewayOfTwo();
    const reply = await fetch(`${url}/v1/models/fast`);
    expect(await reply.json()).toEqual({
      id: 'fast',
      object: 'model',
      created: 0,
      owned_by: 'sluice',
      root: 'tiny-1',
    });
    expect(reply.headers.get('x-request-id')).not.toBeNull();
  });

  it.each(['org/big', 'org%2Fbig'])('finds a model whose id has a slash: %s', async (id) => {
    const url = await gatewayOfTwo();
    const ask = () => fetch(`${url}/models/${id}`);
    const reply = await eventually(ask, ({ status }) => status === 200);
    expect(await reply.json()).toEqual({ id: 'org/big', object: 'model' });
  });

  it.each(['hidden', 'default', 'unheard-of'])('is 404 for %s', async (id) => {
    const url = await gatewayOfTwo();
    await eventually(
      () => idsAt(`${url}/v1/models`),
      (ids) => ids.length === 4,
    );
    const reply = await fetch(`${url}/v1/models/${id}`);
    expect(reply.status).toBe(404);
    expect(await reply.json()).toMatchObject({ error: { code: 'model_not_found' } });
  });

  it('is forwarded where one backend stands alone and nothing is offered', async () => {
    const upstream = await listing(['not asked']);
    const { url } = await gatewayWith(
      writtenConfig({ primary_backends: [{ name: 'only', url: upstream.url, health }] }),
    );
    expect(await (await fetch(`${url}/v1/models`)).json()).toEqual({ own: 'answer' });
  });
});
