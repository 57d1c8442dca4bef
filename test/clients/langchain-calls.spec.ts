import { describe, expect, it } from '@jest/globals';
import { HumanMessage } from '@langchain/core/messages';
import { ChatOpenAI, type ChatOpenAIFields, OpenAIEmbeddings } from '@langchain/openai';
import { bodyOf, streamOf } from '../conformance/rewriting.js';
import { type Gateway } from '../support/gateway/gateway.js';
import { useModelServer } from '../support/gateway/model-scene.js';
import { useScenes } from '../support/gateway/scene.js';
import { deferred } from '../support/time/deferred.js';
import { useHeldTimers } from '../support/time/held-timer.js';
import { type UpstreamTurn } from '../support/upstream/scripted-upstream.js';
import { CITY, CITY_SCHEMA, PICTURE } from './messages.js';
import { fetchOfThisRealm } from './openai-client.js';

const { scene } = useScenes();
const startGateway = useModelServer();
const holdTimer = useHeldTimers();

const PROMPT = 'What is the capital of France?';

const WEATHER = {
  type: 'function',
  function: { name: 'get_weather', parameters: { type: 'object', properties: {} } },
} as const;

function chatModel({ url }: Gateway, fields: ChatOpenAIFields = {}): ChatOpenAI {
  const configuration = { baseURL: `${url}/v1`, fetch: fetchOfThisRealm };
  return new ChatOpenAI({ apiKey: 'sk-of-the-client', model: 'm', configuration, ...fields });
}

async function thrownBy(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'no error',
    (error: unknown) => error,
  );
}

describe("what LangChain's ChatOpenAI sends", () => {
  it.each(['plain', 'kimi_k2'])('is answered with the call of a tool by %s', async (model) => {
    const bound = chatModel(await startGateway(), { model }).bindTools([WEATHER]);
    const { tool_calls: calls } = await bound.invoke(PROMPT);
    expect(calls).toMatchObject([{ name: 'get_weather', args: { city: 'Paris' } }]);
  });

  it('has the form of the answer in it, which comes back parsed', async () => {
    const asked: string[] = [];
    const { gateway } = await scene(async (turn) => {
      asked.push(await turn.body());
      await turn.json(Buffer.from(bodyOf(JSON.stringify(CITY))).toString());
    });
    const structured = chatModel(gateway).withStructuredOutput(CITY_SCHEMA, {
      name: 'city',
      method: 'jsonSchema',
    });
    expect(await structured.invoke(PROMPT)).toEqual(CITY);
    expect(JSON.parse(asked.join())).toMatchObject({
      response_format: { type: 'json_schema', json_schema: { schema: CITY_SCHEMA } },
    });
  });

  it('has the picture of a message in it, byte for byte', async () => {
    const asked: string[] = [];
    const { gateway } = await scene(async (turn) => {
      asked.push(await turn.body());
      await turn.json(Buffer.from(bodyOf('A dot.')).toString());
    });
    const content = [{ type: 'image_url', image_url: { url: PICTURE } }];
    await chatModel(gateway).invoke([new HumanMessage({ content })]);
    expect(JSON.parse(asked.join())).toMatchObject({ messages: [{ role: 'user', content }] });
  });

  it('comes back as the embeddings of each text', async () => {
    const { url } = await startGateway();
    const embeddings = new OpenAIEmbeddings({
      apiKey: 'sk-of-the-client',
      model: 'embedder',
      encodingFormat: 'float',
      configuration: { baseURL: `${url}/v1` },
    });
    expect(await embeddings.embedDocuments(['one', 'two'])).toEqual([
      [0.25, -0.5, 0.125, 1],
      [0.25, -0.5, 0.125, 1],
    ]);
  });
});

describe("LangChain's ChatOpenAI that leaves", () => {
  it('closes the upstream when it aborts a stream', async () => {
    const begun = deferred<UpstreamTurn>();
    const { gateway } = await scene(async (turn) => {
      await turn.beginStream();
      const whole = Buffer.from(streamOf(['Paris'])).toString();
      await turn.chunk(whole.slice(0, whole.lastIndexOf('data: {')));
      begun.resolve(turn);
    });
    const finished = gateway.nextFinished();
    const leave = new AbortController();
    const stream = await chatModel(gateway).stream(PROMPT, { signal: leave.signal });
    const received: string[] = [];
    const read = async (): Promise<void> => {
      for await (const { text } of stream) {
        received.push(text);
        if (text === 'Paris') leave.abort();
      }
    };
    expect(await thrownBy(read())).toMatchObject({ message: 'Aborted' });
    expect(received.join('')).toBe('Paris');
    await (await begun.promise).closed();
    expect((await finished).outcome).toBe('client_aborted');
  });

  it('closes the upstream when its patience ends', async () => {
    const asked = deferred<UpstreamTurn>();
    const { gateway } = await scene(async (turn) => {
      await turn.body();
      asked.resolve(turn);
    });
    const finished = gateway.nextFinished();
    const patience = holdTimer(41_000);
    const model = chatModel(gateway, { timeout: 41_000, maxRetries: 0 });
    const error = thrownBy(model.invoke(PROMPT));
    const turn = await asked.promise;
    patience.fire();
    expect(await error).toMatchObject({ name: 'TimeoutError' });
    await turn.closed();
    expect((await finished).outcome).toBe('client_aborted');
  });
});

describe("an error in LangChain's ChatOpenAI", () => {
  it.each([
    [400, 'BadRequestError'],
    [401, 'AuthenticationError'],
    [404, 'NotFoundError'],
    [429, 'RateLimitError'],
    [503, 'InternalServerError'],
  ])('of status %d is the %s of the openai client', async (status, name) => {
    const model = chatModel(await startGateway(), { model: `status-${status}`, maxRetries: 0 });
    const error = await thrownBy(model.invoke(PROMPT));
    expect(error).toMatchObject({ status, error: { message: `Scripted ${status}` } });
    expect(error).toHaveProperty('constructor.name', name);
  });
});
