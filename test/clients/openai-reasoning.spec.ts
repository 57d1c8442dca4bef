import { describe, expect, it } from '@jest/globals';
import { collected } from '../support/collected.js';
import { useModelServer } from '../support/gateway/model-scene.js';
import { MESSAGES, openaiAt } from './openai-client.js';

const startGateway = useModelServer();

const REASONING = 'The user asks for the capital of France. Easy: it is Paris.';
const ANSWER = 'The capital of France is Paris — the city of light.';

/**
 * The fields of a message whose deltas these are, but for its role. The SDK has no type for the
 * fields of reasoning, and hands on what it does not know.
 */
function fieldsOf(deltas: readonly object[]): Record<string, string> {
  const fields: Record<string, string> = {};
  const entries = deltas.flatMap((delta): [string, unknown][] => Object.entries(delta));
  for (const [name, value] of entries) {
    if (name !== 'role') fields[name] = (fields[name] ?? '') + String(value);
  }
  return fields;
}

describe('reasoning in the openai client', () => {
  it.each([
    ['reasoning_content', { content: ANSWER, reasoning_content: REASONING }],
    ['reasoning', { content: ANSWER, reasoning: REASONING }],
    ['both', { content: ANSWER, reasoning_content: REASONING, reasoning: REASONING }],
    ['strip', { content: ANSWER }],
    ['tags', { content: `<think>${REASONING}</think>${ANSWER}` }],
  ])('comes as %s when the request asks for it, as JSON and in a stream', async (output, seen) => {
    const openai = openaiAt(await startGateway());
    const request = { model: 'harmony', messages: [...MESSAGES] };
    const options = { headers: { 'x-sluice-reasoning': output } };
    const { choices } = await openai.chat.completions.create(request, options);
    expect(choices[0]?.message).toEqual({ role: 'assistant', ...seen });

    const stream = await openai.chat.completions.create({ ...request, stream: true }, options);
    const chunks = await collected(stream);
    expect(fieldsOf(chunks.map((chunk) => chunk.choices[0]?.delta ?? {}))).toEqual(seen);
  });

  it('is told apart from a call that the model wrote as text', async () => {
    const gateway = await startGateway({ harmonyCalls: 'tool_calls', output: 'strip' });
    const request = { model: 'harmony-tools', messages: [...MESSAGES] };
    const called = {
      finish_reason: 'tool_calls',
      message: {
        content: 'Let me look at the weather.',
        tool_calls: [{ function: { name: 'get_weather', arguments: '{"city":"Paris"}' } }],
      },
    };
    const { completions } = openaiAt(gateway).chat;
    expect((await completions.create(request)).choices).toMatchObject([called]);
    const streamed = await completions.stream(request).finalChatCompletion();
    expect(streamed.choices).toMatchObject([called]);
  });
});
