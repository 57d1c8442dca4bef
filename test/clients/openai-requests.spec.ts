import { describe, expect, it } from '@jest/globals';
import { type OpenAI } from 'openai';
import { bodyOf, streamOf } from '../conformance/rewriting.js';
import { useScenes } from '../support/gateway/scene.js';
import { CITY, CITY_SCHEMA, PICTURE } from './messages.js';
import { MESSAGES, openaiAt } from './openai-client.js';

const { scene } = useScenes();

const CITY_FORMAT: OpenAI.ResponseFormatJSONSchema = {
  type: 'json_schema',
  json_schema: { name: 'city', strict: true, schema: CITY_SCHEMA },
};

describe('what an openai client sends', () => {
  it('has the form of the answer in it, which comes back parsed', async () => {
    const asked: unknown[] = [];
    const { gateway } = await scene(async (turn) => {
      const body = JSON.parse(await turn.body()) as { stream?: boolean };
      asked.push(body);
      if (body.stream !== true) {
        await turn.json(Buffer.from(bodyOf(JSON.stringify(CITY))).toString());
        return;
      }
      await turn.beginStream();
      await turn.chunk(streamOf(['{"city":"Par', 'is","people":2}']));
      await turn.endStream();
    });
    const { completions } = openaiAt(gateway).chat;
    const request = { model: 'm', messages: [...MESSAGES], response_format: CITY_FORMAT };
    const parsed = await completions.parse(request);
    expect(parsed.choices[0]?.message.parsed).toEqual(CITY);
    const streamed = await completions.stream(request).finalChatCompletion();
    expect(streamed.choices[0]?.message.parsed).toEqual(CITY);
    expect(asked).toMatchObject([
      { response_format: CITY_FORMAT },
      { response_format: CITY_FORMAT, stream: true },
    ]);
  });

  it('has the picture of a message in it, byte for byte', async () => {
    const asked: string[] = [];
    const { gateway } = await scene(async (turn) => {
      asked.push(await turn.body());
      await turn.json(Buffer.from(bodyOf('A dot.')).toString());
    });
    const content = [
      { type: 'text', text: 'What is on it?' },
      { type: 'image_url', image_url: { url: PICTURE, detail: 'low' } },
    ] as const;
    await openaiAt(gateway).chat.completions.create({
      model: 'm',
      messages: [{ role: 'user', content: [...content] }],
    });
    expect(JSON.parse(asked.join())).toMatchObject({ messages: [{ role: 'user', content }] });
  });
});
