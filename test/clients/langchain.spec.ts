import { describe, expect, it } from '@jest/globals';
import { AIMessage, type AIMessageChunk } from '@langchain/core/messages';
import { concat } from '@langchain/core/utils/stream';
import { ChatOpenAI, type ChatOpenAIFields } from '@langchain/openai';
import { bodyOf } from '../conformance/rewriting.js';
import { collected } from '../support/collected.js';
import { type Gateway } from '../support/gateway/gateway.js';
import { useModelServer } from '../support/gateway/model-scene.js';
import { useScenes } from '../support/gateway/scene.js';

const { scene } = useScenes();
const startGateway = useModelServer();

const REASONING = 'The user asks for the capital of France. Easy: it is Paris.';
const ANSWER = 'The capital of France is Paris — the city of light.';
const PROMPT = 'What is the capital of France?';

function chatModel({ url }: Gateway, fields: ChatOpenAIFields): ChatOpenAI {
  const configuration = { baseURL: `${url}/v1` };
  return new ChatOpenAI({ apiKey: 'sk-of-the-client', configuration, ...fields });
}

async function streamed(model: ChatOpenAI): Promise<AIMessageChunk> {
  const [first, ...rest] = await collected(await model.stream(PROMPT));
  if (first === undefined) throw new Error('the stream was empty');
  return rest.reduce((whole, chunk) => concat(whole, chunk), first);
}

describe("LangChain's ChatOpenAI", () => {
  it.each(['harmony', 'kimi_k2', 'seed_oss', 'magistral', 'field-reasoning'])(
    'has reasoning and answer of %s apart when the output is reasoning_content',
    async (name) => {
      const gateway = await startGateway({ output: 'reasoning_content' });
      const model = chatModel(gateway, { model: name });
      for (const message of [await model.invoke(PROMPT), await streamed(model)]) {
        expect(message.text).toBe(ANSWER);
        expect(message.additional_kwargs.reasoning_content).toBe(REASONING);
        expect(message.contentBlocks).toEqual([{ type: 'text', text: ANSWER }]);
      }
    },
  );

  it('is told the form it needs by a header that every request carries', async () => {
    const gateway = await startGateway();
    const configuration = {
      baseURL: `${gateway.url}/v1`,
      defaultHeaders: { 'x-sluice-reasoning': 'both' },
    };
    const message = await streamed(chatModel(gateway, { model: 'harmony', configuration }));
    expect(message.text).toBe(ANSWER);
    expect(message.additional_kwargs.reasoning_content).toBe(REASONING);
  });

  it('drops the field reasoning, but for the raw response', async () => {
    const gateway = await startGateway({ output: 'reasoning' });
    const model = chatModel(gateway, { model: 'harmony', __includeRawResponse: true });
    const message = await model.invoke(PROMPT);
    expect(message.text).toBe(ANSWER);
    expect(message.additional_kwargs).not.toHaveProperty('reasoning_content');
    expect(message.additional_kwargs.__raw_response).toMatchObject({
      choices: [{ message: { reasoning: REASONING } }],
    });
    const { additional_kwargs } = await streamed(model);
    expect(additional_kwargs).not.toHaveProperty('reasoning_content');
  });

  it('does not send reasoning back, so that no server can refuse it', async () => {
    const bodies: string[] = [];
    const { gateway } = await scene(async (turn) => {
      bodies.push(await turn.body());
      await turn.json(Buffer.from(bodyOf('Berlin')).toString());
    });
    const thought = { reasoning_content: 'Easy.' };
    const answer = new AIMessage({ content: 'Paris', additional_kwargs: thought });
    await chatModel(gateway, { model: 'm' }).invoke([['user', PROMPT], answer, ['user', 'Sure?']]);
    expect(JSON.parse(bodies.join())).toMatchObject({
      messages: [
        { role: 'user', content: PROMPT },
        { role: 'assistant', content: 'Paris' },
        { role: 'user', content: 'Sure?' },
      ],
    });
    expect(bodies.join()).not.toContain('Easy.');
  });

  it('has the reasoning in the text when the output is tags', async () => {
    const model = chatModel(await startGateway(), { model: 'harmony' });
    for (const message of [await model.invoke(PROMPT), await streamed(model)]) {
      expect(message.text).toBe(`<think>${REASONING}</think>${ANSWER}`);
    }
  });
});
