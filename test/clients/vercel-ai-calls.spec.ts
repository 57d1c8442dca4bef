import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { describe, expect, it } from '@jest/globals';
import { APICallError, embedMany, generateText, jsonSchema, Output, streamText } from 'ai';
import { bodyOf, streamOf } from '../conformance/rewriting.js';
import { type Gateway } from '../support/gateway/gateway.js';
import { useModelServer } from '../support/gateway/model-scene.js';
import { useScenes } from '../support/gateway/scene.js';
import { deferred } from '../support/time/deferred.js';
import { useHeldTimers } from '../support/time/held-timer.js';
import { type UpstreamTurn } from '../support/upstream/scripted-upstream.js';
import { CITY, CITY_SCHEMA, PICTURE } from './messages.js';

const { scene } = useScenes();
const startGateway = useModelServer();
const holdTimer = useHeldTimers();

const PROMPT = 'What is the capital of France?';

function provider({ url }: Gateway) {
  return createOpenAICompatible({
    name: 'sluice',
    baseURL: `${url}/v1`,
    apiKey: 'sk-of-the-client',
    supportsStructuredOutputs: true,
  });
}

/** An upstream that takes a request and does not answer, and its turn. */
async function silentScene() {
  const asked = deferred<UpstreamTurn>();
  const { gateway } = await scene(async (turn) => {
    await turn.body();
    asked.resolve(turn);
  });
  return { gateway, asked: asked.promise, finished: gateway.nextFinished() };
}

describe('what the Vercel AI SDK sends', () => {
  it('has the form of the answer in it, which comes back parsed', async () => {
    const asked: string[] = [];
    const { gateway } = await scene(async (turn) => {
      asked.push(await turn.body());
      await turn.json(Buffer.from(bodyOf(JSON.stringify(CITY))).toString());
    });
    const { output } = await generateText({
      model: provider(gateway)('m'),
      prompt: PROMPT,
      output: Output.object({ schema: jsonSchema(CITY_SCHEMA) }),
    });
    expect(output).toEqual(CITY);
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
    await generateText({
      model: provider(gateway)('m'),
      messages: [
        { role: 'user', content: [{ type: 'file', data: PICTURE, mediaType: 'image/png' }] },
      ],
    });
    expect(JSON.parse(asked.join())).toMatchObject({
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: PICTURE } }] }],
    });
  });

  it('comes back as the embeddings of each text', async () => {
    const model = provider(await startGateway()).embeddingModel('embedder');
    const { embeddings } = await embedMany({ model, values: ['one', 'two'] });
    expect(embeddings).toEqual([
      [0.25, -0.5, 0.125, 1],
      [0.25, -0.5, 0.125, 1],
    ]);
  });
});

describe('a Vercel AI SDK that leaves', () => {
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
    const { stream } = streamText({
      model: provider(gateway)('m'),
      prompt: PROMPT,
      abortSignal: leave.signal,
    });
    const types: string[] = [];
    for await (const { type } of stream) {
      types.push(type);
      if (type === 'text-delta') leave.abort();
    }
    expect(types.at(-1)).toBe('abort');
    await (await begun.promise).closed();
    expect((await finished).outcome).toBe('client_aborted');
  });

  it('closes the upstream when its patience ends', async () => {
    const { gateway, asked, finished } = await silentScene();
    const patience = new AbortController();
    const error = generateText({
      model: provider(gateway)('m'),
      prompt: PROMPT,
      maxRetries: 0,
      abortSignal: patience.signal,
    }).catch((thrown: unknown) => thrown);
    const turn = await asked;
    // As AbortSignal.timeout does.
    patience.abort(new DOMException('The operation timed out.', 'TimeoutError'));
    expect(await error).toMatchObject({ name: 'TimeoutError' });
    await turn.closed();
    expect((await finished).outcome).toBe('client_aborted');
  });
});

describe('an error in the Vercel AI SDK', () => {
  it.each([
    [400, false],
    [401, false],
    [404, false],
    [429, true],
    [500, true],
    [503, true],
  ])(
    'of status %d has the words of the server (worth a repeat: %p)',
    async (status, isRetryable) => {
      const model = provider(await startGateway())(`status-${status}`);
      const error: unknown = await generateText({ model, prompt: PROMPT, maxRetries: 0 }).catch(
        (thrown: unknown) => thrown,
      );
      expect(APICallError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({
        statusCode: status,
        isRetryable,
        message: `Scripted ${status}`,
      });
    },
  );

  it('of status 429 makes it wait as long as Retry-After says, and ask again', async () => {
    const { gateway, upstream } = await scene((turn) =>
      upstream.requests.length === 1
        ? turn.json('{"error":{"message":"slow down"}}', {
            status: '429 Too Many Requests',
            headers: 'Retry-After: 37\r\n',
          })
        : turn.json(Buffer.from(bodyOf('Paris')).toString()),
    );
    const wait = holdTimer(37_000);
    const answer = generateText({ model: provider(gateway)('m'), prompt: PROMPT });
    await wait.armed;
    expect(upstream.requests.length).toBe(1);
    wait.fire();
    expect((await answer).text).toBe('Paris');
    expect(upstream.requests.length).toBe(2);
  });
});
