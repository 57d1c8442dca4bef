import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { describe, expect, it } from '@jest/globals';
import {
  extractReasoningMiddleware,
  generateText,
  jsonSchema,
  streamText,
  tool,
  wrapLanguageModel,
} from 'ai';
import { bodyOf, policyOf } from '../conformance/rewriting.js';
import { collected } from '../support/collected.js';
import { type Gateway } from '../support/gateway/gateway.js';
import { useModelServer } from '../support/gateway/model-scene.js';
import { useScenes } from '../support/gateway/scene.js';

const { scene } = useScenes();
const startGateway = useModelServer();

const REASONING = 'The user asks for the capital of France. Easy: it is Paris.';
const ANSWER = 'The capital of France is Paris — the city of light.';
const APART = { reasoningText: REASONING, text: ANSWER, finishReason: 'stop' };
const PROMPT = 'What is the capital of France?';

function provider({ url }: Gateway) {
  const options = { name: 'sluice', baseURL: `${url}/v1`, apiKey: 'sk-of-the-client' };
  return createOpenAICompatible({ ...options, includeUsage: true });
}

describe('the Vercel AI SDK', () => {
  it.each([
    ['harmony', 'reasoning_content'],
    ['harmony', 'reasoning'],
    ['harmony', 'both'],
    ['kimi_k2', 'reasoning_content'],
    ['seed_oss', 'reasoning'],
    ['magistral', 'reasoning_content'],
    ['field-thinking', 'reasoning_content'],
  ])('has reasoning and answer of %s apart when asked for %s', async (model, output) => {
    const gateway = await startGateway();
    const request = {
      model: provider(gateway)(model),
      prompt: PROMPT,
      headers: { 'x-sluice-reasoning': output },
    };
    const whole = await generateText(request);
    expect(whole.finalStep).toMatchObject(APART);
    const streamed = await streamText(request).finalStep;
    expect(streamed).toMatchObject(APART);
    expect(streamed.usage.totalTokens).toBeGreaterThan(0);
  });

  it('sees the reasoning end before the answer begins', async () => {
    const gateway = await startGateway({ output: 'reasoning_content' });
    const { stream } = streamText({ model: provider(gateway)('harmony'), prompt: PROMPT });
    const parts = (await collected(stream)).map(({ type }) => type);
    expect(parts.filter((type, at) => type !== parts[at - 1])).toEqual([
      'start',
      'start-step',
      'reasoning-start',
      'reasoning-delta',
      'reasoning-end',
      'text-start',
      'text-delta',
      'text-end',
      'finish-step',
      'finish',
    ]);
  });

  it('reads tags of the default output with its own middleware', async () => {
    const gateway = await startGateway();
    const middleware = extractReasoningMiddleware({ tagName: 'think' });
    const model = wrapLanguageModel({ model: provider(gateway)('harmony'), middleware });
    const whole = await generateText({ model, prompt: PROMPT });
    expect(whole.finalStep).toMatchObject(APART);
    const streamed = await streamText({ model, prompt: PROMPT }).finalStep;
    expect(streamed).toMatchObject(APART);
  });

  it('brings its reasoning back in the form that the model server takes', async () => {
    const bodies: string[] = [];
    const { gateway } = await scene(
      async (turn) => {
        bodies.push(await turn.body());
        await turn.json(Buffer.from(bodyOf('Berlin')).toString());
      },
      { backend: { reasoning: policyOf({ history: 'tags' }) } },
    );
    const { text } = await generateText({
      model: provider(gateway)('m'),
      messages: [
        { role: 'user', content: PROMPT },
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'Easy.' },
            { type: 'text', text: 'Paris' },
          ],
        },
        { role: 'user', content: 'And of Germany?' },
      ],
    });
    expect(text).toBe('Berlin');
    expect(JSON.parse(bodies.join())).toMatchObject({
      messages: [
        { role: 'user', content: PROMPT },
        { role: 'assistant', content: '<think>Easy.</think>Paris' },
        { role: 'user', content: 'And of Germany?' },
      ],
    });
  });

  it('has the call of a tool after the reasoning', async () => {
    const gateway = await startGateway({ output: 'reasoning_content' });
    const { finalStep } = streamText({
      model: provider(gateway)('kimi_k2'),
      prompt: PROMPT,
      tools: { get_weather: tool({ inputSchema: jsonSchema({ type: 'object' }) }) },
    });
    expect(await finalStep).toMatchObject({
      reasoningText: REASONING,
      toolCalls: [{ toolName: 'get_weather', input: { city: 'Paris' } }],
      finishReason: 'tool-calls',
    });
  });
});
