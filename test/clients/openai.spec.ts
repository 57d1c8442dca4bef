import { describe, expect, it } from '@jest/globals';
import { type OpenAI, toFile } from 'openai';
import { collected } from '../support/collected.js';
import { useModelServer } from '../support/gateway/model-scene.js';
import { useScenes } from '../support/gateway/scene.js';
import { MESSAGES, openaiAt } from './openai-client.js';

const { scene } = useScenes();
const startGateway = useModelServer();

const REASONING = 'The user asks for the capital of France. Easy: it is Paris.';
const ANSWER = 'The capital of France is Paris — the city of light.';

const WEATHER: OpenAI.ChatCompletionTool = {
  type: 'function',
  function: { name: 'get_weather', parameters: { type: 'object', properties: {} } },
};

describe.each([['/v1'], ['']])('the openai client with the base URL http://…%s', (base) => {
  async function client(): Promise<OpenAI> {
    const gateway = await startGateway();
    return openaiAt(gateway, { baseURL: `${gateway.url}${base}` });
  }

  it('reaches the path of the model server, with its own key', async () => {
    const { gateway, upstream } = await scene((turn) => turn.json('{"choices":[]}'));
    const openai = openaiAt(gateway, { baseURL: `${gateway.url}${base}` });
    await openai.chat.completions.create({ model: 'm', messages: [...MESSAGES] });
    const [request] = upstream.requests;
    expect(request?.requestLine).toBe('POST /v1/chat/completions HTTP/1.1');
    expect(request?.header('authorization')).toBe('Bearer sk-of-the-client');
  });

  it('completes a chat', async () => {
    const openai = await client();
    const completion = await openai.chat.completions.create({
      model: 'harmony',
      messages: [...MESSAGES],
    });
    expect(completion.choices).toMatchObject([
      {
        index: 0,
        message: { role: 'assistant', content: `<think>${REASONING}</think>${ANSWER}` },
        finish_reason: 'stop',
      },
    ]);
    expect(completion.usage?.total_tokens).toBeGreaterThan(0);
  });

  it('iterates over a stream, with its usage at the end', async () => {
    const openai = await client();
    const stream = await openai.chat.completions.create({
      model: 'harmony',
      messages: [...MESSAGES],
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await collected(stream);
    const choices = chunks.flatMap((chunk) => chunk.choices);
    const text = choices.map(({ delta }) => delta.content ?? '').join('');
    expect(text).toBe(`<think>${REASONING}</think>${ANSWER}`);
    expect(choices.flatMap(({ delta }) => delta.role ?? [])).toEqual(['assistant']);
    expect(choices.flatMap((choice) => choice.finish_reason ?? [])).toEqual(['stop']);
    expect(chunks.at(-1)).toMatchObject({ choices: [] });
    expect(chunks.at(-1)?.usage?.total_tokens).toBeGreaterThan(0);
  });

  it('keeps the choices of a stream apart', async () => {
    const openai = await client();
    const stream = openai.chat.completions.stream({
      model: 'think',
      messages: [...MESSAGES],
      n: 2,
    });
    const { choices } = await stream.finalChatCompletion();
    expect(choices.map(({ index, message }) => [index, message.content])).toEqual([
      [0, `<think>\n${REASONING}\n</think>\n\n${ANSWER}`],
      [1, `<think>\n${REASONING}\n</think>\n\n${ANSWER}`],
    ]);
  });

  it('completes a legacy prompt', async () => {
    const openai = await client();
    const completion = await openai.completions.create({ model: 'plain', prompt: 'Paris?' });
    expect(completion.choices[0]?.text).toBe(ANSWER);
  });

  it('lists the models and finds one of them', async () => {
    const openai = await client();
    const models = await collected(await openai.models.list());
    const names = models.map(({ id }) => id);
    expect(names.slice(0, 4)).toEqual(['plain', 'harmony', 'harmony-tools', 'think']);
    expect(await openai.models.retrieve('think')).toMatchObject({ id: 'think', object: 'model' });
  });

  it('uploads a file', async () => {
    const openai = await client();
    const file = await openai.files.create({
      file: await toFile(Buffer.alloc(1_048_576, '{"line":1}\n'), 'bätch 1.jsonl'),
      purpose: 'batch',
    });
    expect(file).toMatchObject({ bytes: 1_048_576, filename: 'bätch 1.jsonl', purpose: 'batch' });
  });

  it('embeds text', async () => {
    const openai = await client();
    const { data } = await openai.embeddings.create({
      model: 'embedder',
      input: ['one', 'two'],
      encoding_format: 'float',
    });
    expect(data.map(({ index, embedding }) => [index, embedding])).toEqual([
      [0, [0.25, -0.5, 0.125, 1]],
      [1, [0.25, -0.5, 0.125, 1]],
    ]);
  });

  it.each(['plain', 'qwen3'])('is asked to call a tool by the model %s', async (model) => {
    const openai = await client();
    const request = { model, messages: [...MESSAGES], tools: [WEATHER] };
    const called = {
      finish_reason: 'tool_calls',
      message: {
        tool_calls: [
          { id: 'call_demo', function: { name: 'get_weather', arguments: '{"city":"Paris"}' } },
        ],
      },
    };
    expect((await openai.chat.completions.create(request)).choices).toMatchObject([called]);
    const stream = openai.chat.completions.stream(request);
    expect((await stream.finalChatCompletion()).choices).toMatchObject([called]);
  });
});
