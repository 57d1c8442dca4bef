import { describe, expect, it } from '@jest/globals';
import { writtenConfig } from '../support/gateway/config.js';
import { type Gateway } from '../support/gateway/gateway.js';
import { useScenes } from '../support/gateway/scene.js';
import { deferred } from '../support/time/deferred.js';
import { PROBE_PATH, type ScriptedUpstream } from '../support/upstream/scripted-upstream.js';

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

/** Two backends, the first of which serves its model by another name, and one it does not list. */
async function gatewayOfAlias(): Promise<string> {
  const [first, second] = [await listing(['mini']), await listing(['mini'])];
  const { url } = await gatewayWith(
    writtenConfig({
      primary_backends: [
        { name: 'first', url: first.url, models: ['my-alias'], model: 'mini', health },
        { name: 'second', url: second.url, models: ['mini', 'other', 'tiny-*'], health },
      ],
    }),
  );
  return url;
}

async function gatewayOf(first: ScriptedUpstream, second: ScriptedUpstream): Promise<Gateway> {
  const primary_backends = [
    { name: 'first', url: first.url, health },
    { name: 'second', url: second.url, health },
  ];
  return gatewayWith(writtenConfig({ primary_backends }));
}

const entryAt = async (url: string): Promise<unknown> => (await fetch(url)).json();

const idsAt = async (url: string, key?: string): Promise<string[]> => {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const { data } = (await (await fetch(url, { headers })).json()) as { data: Listed[] };
  return data.map(({ id }) => id);
};

describe('GET /v1/models', () => {
  it('lists offered names first, then what each backend lists and its globs allow, each once', async () => {
    const url = await gatewayOfTwo();
    const expected = ['fast', 'tiny-1', 'shared', 'org/big'];
    expect(await idsAt(`${url}/v1/models`)).toEqual(expected);
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
    const reply = await fetch(`${url}/models/${id}`);
    expect(await reply.json()).toEqual({ id: 'org/big', object: 'model' });
  });

  it('lists the aliases of a backend that serves them by another model, and no other name that is not there', async () => {
    const url = await gatewayOfAlias();
    expect(await idsAt(`${url}/v1/models`)).toEqual(['mini', 'my-alias']);
    expect(await entryAt(`${url}/v1/models/mini`)).toEqual({ id: 'mini', object: 'model' });
    expect(await entryAt(`${url}/v1/models/my-alias`)).toEqual({
      ...{ id: 'my-alias', object: 'model', created: 0, owned_by: 'sluice', root: 'mini' },
    });
  });

  it('says of one that is not listed what is, though a glob might serve it', async () => {
    const url = await gatewayOfTwo();
    const reply = await fetch(`${url}/v1/models/tiny-2`);
    expect(await reply.json()).toMatchObject({
      error: {
        message: "no backend lists the model 'tiny-2'; listed are: fast, tiny-1, shared, org/big",
      },
    });
  });

  it('says of one that is not listed that none is where no backend answers', async () => {
    const { url } = await gatewayOf(await listing([]), await listing([]));
    expect(await (await fetch(`${url}/v1/models/any`)).json()).toMatchObject({
      error: { message: "no backend lists the model 'any', nor any other" },
    });
  });

  it.each(['hidden', 'default', 'unheard-of'])('is 404 for %s', async (id) => {
    const url = await gatewayOfTwo();
    const reply = await fetch(`${url}/v1/models/${id}`);
    expect(reply.status).toBe(404);
    expect(await reply.json()).toMatchObject({ error: { code: 'model_not_found' } });
  });

  it('waits for backends that were not heard yet', async () => {
    const gate = deferred<readonly string[]>();
    const asked = deferred<undefined>();
    const slow = await listing([]);
    slow.listBy(() => {
      asked.resolve(undefined);
      return gate.promise;
    });
    const gateway = await gatewayOf(slow, await listing(['quick']));
    await asked.promise;
    const started = gateway.nextStarted();
    const ids = idsAt(`${gateway.url}/v1/models`);
    await started;
    gate.resolve(['slow']);
    expect(await ids).toEqual(['slow', 'quick']);
  });

  it("asks with the client's key where a backend lists nothing without one", async () => {
    const keyed = await listing([]);
    keyed.listBy((request) =>
      Promise.resolve(request.header('authorization') === 'Bearer client-1' ? ['keyed'] : null),
    );
    const { url } = await gatewayOf(keyed, await listing(['open']));
    expect(await idsAt(`${url}/v1/models`, 'client-1')).toEqual(['keyed', 'open']);
    expect(await idsAt(`${url}/v1/models`, 'client-2')).toEqual(['open']);
    expect(await idsAt(`${url}/v1/models`)).toEqual(['open']);
    const headers = { authorization: 'Bearer client-1' };
    expect((await fetch(`${url}/v1/models/keyed`, { headers })).status).toBe(200);
  });

  it.each(['api-key', 'x-api-key'])("knows a client's key by %s as well", async (name) => {
    const keyed = await listing([]);
    keyed.listBy((request) =>
      Promise.resolve(request.header(name) === 'client-1' ? ['keyed'] : null),
    );
    const { url } = await gatewayOf(keyed, await listing(['open']));
    const reply = await fetch(`${url}/v1/models/keyed`, { headers: { [name]: 'client-1' } });
    expect(reply.status).toBe(200);
  });

  it("tells a client's key to no backend that has its own, or that lists without one", async () => {
    const seen: (string | null)[] = [];
    const [own, open] = [await listing([]), await listing([])];
    own.listBy((request) => {
      seen.push(request.header('authorization'));
      return Promise.resolve(null);
    });
    open.listBy((request) => {
      seen.push(request.header('authorization'));
      return Promise.resolve(['open']);
    });
    const { url } = await gatewayWith(
      writtenConfig({
        primary_backends: [
          { name: 'own', url: own.url, api_key: 'own-key', health },
          { name: 'own-header', url: own.url, headers: { Authorization: 'Basic own' }, health },
          { name: 'own-field', url: own.url, headers: { 'Api-Key': 'own' }, health },
          { name: 'open', url: open.url, health },
        ],
      }),
    );
    expect(await idsAt(`${url}/v1/models`, 'client-1')).toEqual(['open']);
    expect(new Set(seen)).toEqual(new Set(['Bearer own-key', 'Basic own', null]));
  });

  it('is forwarded where one backend stands alone and nothing is offered', async () => {
    const upstream = await listing(['not asked']);
    const { url } = await gatewayWith(
      writtenConfig({ primary_backends: [{ name: 'only', url: upstream.url, health }] }),
    );
    expect(await (await fetch(`${url}/v1/models`)).json()).toEqual({ own: 'answer' });
  });
});
