import { describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import { bodyOf, policyOf, streamOf } from '../conformance/rewriting.js';
import { backend } from '../support/gateway/config.js';
import { type Gateway } from '../support/gateway/gateway.js';
import { useModelServer } from '../support/gateway/model-scene.js';
import { useScenes } from '../support/gateway/scene.js';
import { MESSAGES, openaiAt } from './openai-client.js';

const { scene, gatewayOf, upstreamOf } = useScenes();
const startGateway = useModelServer();

/** The error that a chat ends with, told at once instead of tried again. */
async function chatError(
  gateway: Gateway,
  request: Partial<OpenAI.ChatCompletionCreateParamsNonStreaming> = {},
): Promise<unknown> {
  const openai = openaiAt(gateway, { maxRetries: 0 });
  return openai.chat.completions
    .create({ model: 'm', messages: [...MESSAGES], ...request })
    .then(() => 'no error', thrown);
}

/** What a stream brought, and the error that it ended with. */
async function readStream(openai: OpenAI): Promise<{ received: string[]; error: unknown }> {
  const stream = await openai.chat.completions.create({
    model: 'm',
    messages: [...MESSAGES],
    stream: true,
  });
  const received: string[] = [];
  const read = async (): Promise<string> => {
    for await (const { choices } of stream) received.push(choices[0]?.delta.content ?? '');
    return 'no error';
  };
  return { received, error: await read().catch(thrown) };
}

function thrown(error: unknown): unknown {
  return error;
}

describe('an error of the model server in the openai client', () => {
  it.each([
    [400, OpenAI.BadRequestError],
    [401, OpenAI.AuthenticationError],
    [403, OpenAI.PermissionDeniedError],
    [404, OpenAI.NotFoundError],
    [409, OpenAI.ConflictError],
    [422, OpenAI.UnprocessableEntityError],
    [429, OpenAI.RateLimitError],
    [500, OpenAI.InternalServerError],
    [502, OpenAI.InternalServerError],
    [503, OpenAI.InternalServerError],
    [504, OpenAI.InternalServerError],
  ])('of status %d is its %p, with the words of the server', async (status, type) => {
    const error = await chatError(await startGateway(), { model: `status-${status}` });
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ status, message: `${status} Scripted ${status}` });
  });
});

describe("an error of Sluice's own in the openai client", () => {
  it('is a BadRequestError that names the field at fault and the request', async () => {
    const { gateway } = await scene(() => undefined);
    const finished = gateway.nextFinished();
    const error = await chatError(gateway, { messages: [] });
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error).toMatchObject({
      code: 'missing_field',
      param: 'messages',
      type: 'invalid_request_error',
      requestID: (await finished).id,
    });
  });

  it('is a NotFoundError for a model that no backend serves', async () => {
    const { gateway } = await scene(() => undefined, { backend: { models: ['gpt-oss-*'] } });
    const error = await chatError(gateway);
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(error).toMatchObject({ code: 'model_not_found', param: 'model' });
  });

  it('is an InternalServerError of status 502 for a backend that is not there', async () => {
    const gone = await upstreamOf(() => undefined);
    await gone.close();
    const error = await chatError(await gatewayOf([backend(gone.url)]));
    expect(error).toBeInstanceOf(OpenAI.InternalServerError);
    expect(error).toMatchObject({ status: 502, code: 'upstream_unreachable' });
  });

  it('is an InternalServerError of status 504 for a backend that is silent', async () => {
    const timeouts = { connectMs: 5_000, headersMs: 20, firstTokenMs: 0, idleMs: 0, totalMs: 0 };
    const { gateway } = await scene(() => undefined, { backend: { timeouts } });
    const error = await chatError(gateway);
    expect(error).toBeInstanceOf(OpenAI.InternalServerError);
    expect(error).toMatchObject({ status: 504, code: 'upstream_timeout' });
  });

  it.each([
    ['as it is', 'keep'],
    ['rewritten', 'tags'],
  ] as const)('ends a stream that passes %s as an APIError', async (_, output) => {
    const { gateway } = await scene(
      async (turn) => {
        await turn.beginStream();
        const whole = Buffer.from(streamOf(['Par', 'is'])).toString();
        const begun = whole.indexOf('{"content":"is"}');
        await turn.chunk(whole.slice(0, whole.lastIndexOf('data: ', begun)));
        turn.socket.end();
      },
      { backend: { reasoning: policyOf({ output }) } },
    );
    const { received, error } = await readStream(openaiAt(gateway));
    expect(received.join('')).toBe('Par');
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(error).toMatchObject({ code: 'upstream_protocol', type: 'upstream_error' });
  });

  it('ends a JSON body that breaks off as a failure, never as half an answer', async () => {
    const { gateway } = await scene(async (turn) => {
      const body = bodyOf('Paris');
      await turn.body();
      await turn.write(
        `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
      );
      await turn.write(body.subarray(0, 40));
      turn.socket.end();
    });
    expect(await chatError(gateway)).toMatchObject({ message: 'terminated' });
  });

  it('is an APIConnectionError where no Sluice listens', async () => {
    const { gateway } = await scene(() => undefined);
    await gateway.close();
    const error = await chatError(gateway);
    expect(error).toBeInstanceOf(OpenAI.APIConnectionError);
  });
});
