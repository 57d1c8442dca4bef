import { describe, expect, it } from '@jest/globals';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { policyOf } from '../conformance/rewriting.js';
import { chatText, requestText } from '../support/client/http-text.js';
import { deltaEvent } from '../support/upstream/chat-events.js';
import { MESSAGES, REPORTED, streaming, useUsageScenes } from './usage-scene.js';

const scene = useUsageScenes();

describe('the usage of other replies', () => {
  const post = (path: string, body = '{"model":"m"}'): string =>
    requestText(`POST ${path}`, { headers: ['Content-Type: application/json'], body });

  it.each([
    [
      '/v1/chat/completions',
      { choices: [{ message: { content: '"usage":{}' }, finish_reason: 'stop' }] },
    ],
    ['/v1/completions', { choices: [{ text: 'x', finish_reason: 'stop' }] }],
    ['/v1/embeddings', { data: [] }],
    ['/v1/responses', { output: [], usage_note: 'usage' }],
    ['/v1/messages', { type: 'message', stop_reason: 'end_turn' }],
    ['/v1/rerank', { results: [] }],
    ['/v1/audio/transcriptions', { text: 'hi' }],
    ['/v1/images/generations', { data: [{ b64_json: 'x'.repeat(100_000) }] }],
  ])('is noted from JSON of %s, which passes as it is', async (path, said) => {
    const body = JSON.stringify({ ...said, usage: REPORTED, more: [1] });
    const { client, gateway } = await scene((turn) => turn.json(body));
    const sender = await client();
    sender.send(post(path, `{"model":"m",${MESSAGES}}`));
    expect((await sender.reply()).body).toBe(body);
    expect((await gateway.nextFinished()).facts.usage).toEqual(REPORTED);
  });

  it.each([
    ['keep', 'word '],
    ['tags', 'word '],
    ['tags', '<think>hm</think>word '],
  ] as const)(
    'is noted where a long answer stands behind it, with %s of %j',
    async (output, word) => {
      const choice = { message: { content: word.repeat(8_000) }, finish_reason: 'stop' };
      const body = JSON.stringify({ id: 'c', usage: REPORTED, choices: [choice] });
      const { client, gateway } = await scene((turn) => turn.json(body), {
        backend: { reasoning: policyOf({ output }) },
      });
      const sender = await client();
      sender.send(chatText());
      await sender.reply();
      const { facts, sample } = await gateway.nextFinished();
      expect(facts).toMatchObject({ usage: REPORTED, finishReason: 'stop' });
      expect(sample).toBeNull();
    },
  );

  it.each([
    [
      '/v1/chat/completions',
      {
        choices: [
          {
            message: { tool_calls: [{ function: { name: 'f', arguments: { usage: REPORTED } } }] },
            finish_reason: 'tool_calls',
          },
        ],
      },
    ],
    [
      '/v1/messages',
      {
        type: 'message',
        content: [{ type: 'tool_use', name: 'f', input: { usage: REPORTED } }],
        stop_reason: 'tool_use',
      },
    ],
    ['/v1/responses', { output: [{ type: 'function_call', arguments: { usage: REPORTED } }] }],
  ])('is not what a call of %s has for an argument', async (path, said) => {
    const usage = { input_tokens: 1, output_tokens: 2 };
    for (const [body, noted] of [
      [said, null],
      [{ usage, ...said }, usage],
      [{ ...said, usage }, usage],
    ] as const) {
      const { client, gateway } = await scene((turn) => turn.json(JSON.stringify(body)));
      const sender = await client();
      sender.send(post(path, `{"model":"m",${MESSAGES}}`));
      await sender.reply();
      expect((await gateway.nextFinished()).facts.usage).toEqual(noted);
    }
  });

  it.each([
    [
      '/v1/chat/completions',
      {
        usage: REPORTED,
        citations: Array<string>(60).fill(`https://example.com/${'x'.repeat(80)}`),
        choices: [{ index: 0, delta: { content: 'Hi' }, finish_reason: 'stop' }],
      },
    ],
    [
      '/v1/responses',
      {
        type: 'response.completed',
        response: { usage: REPORTED, metadata: { a: 'x'.repeat(8_000) } },
      },
    ],
  ])('is noted where much stands behind it in the last event of %s', async (path, event) => {
    const { client, gateway } = await scene(
      streaming(deltaEvent({ content: 'x'.repeat(5_000) }), `data: ${JSON.stringify(event)}\n\n`),
      { backend: { reasoning: policyOf({ output: 'keep' }) } },
    );
    const sender = await client();
    sender.send(post(path, `{"model":"m",${MESSAGES},"stream":true}`));
    await sender.reply();
    expect((await gateway.nextFinished()).facts.usage).toEqual(REPORTED);
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('is noted from a reply in %s once that was decoded', async (coding, compress) => {
    const compressed = compress(JSON.stringify({ choices: [], usage: REPORTED }));
    const { client, gateway } = await scene(async (turn) => {
      await turn.write(
        `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: ${coding}\r\nContent-Length: ${compressed.length}\r\n\r\n`,
      );
      await turn.write(compressed);
    });
    const sender = await client();
    sender.send(chatText());
    expect((await sender.reply()).body).toBe(compressed.toString('latin1'));
    const { facts, usageLookup } = await gateway.nextFinished();
    await usageLookup;
    expect(facts.usage).toEqual(REPORTED);
  });

  it('is noted from the stream of a response', async () => {
    const events =
      'event: response.created\ndata: {"type":"response.created","response":{"usage":null}}\n\n' +
      'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","delta":"Hi"}\n\n' +
      'event: response.completed\ndata: {"type":"response.completed","response":{"usage":{"input_tokens":9,"output_tokens":3}}}\n\n';
    const { client, gateway, bodies } = await scene(streaming(events));
    const sender = await client();
    sender.send(post('/v1/responses', '{"model":"m","stream":true}'));
    expect((await sender.reply()).body).toBe(events);
    expect(bodies).toEqual(['{"model":"m","stream":true}']);
    const { facts } = await gateway.nextFinished();
    expect(facts.usage).toEqual({ input_tokens: 9, output_tokens: 3 });
    expect(facts.firstAnswerMs).not.toBeNull();
  });

  it('is put together from the beginning and the end of a stream of messages', async () => {
    const start =
      'event: message_start\ndata: {"type":"message_start","message":{"usage":{"input_tokens":9,"cache_read_input_tokens":4,"output_tokens":1}}}\n\n';
    const text =
      'event: content_block_delta\ndata: {"type":"content_block_delta","delta":{"type":"text_delta","text":"Hi"}}\n\n';
    const end =
      'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":null,"output_tokens":3}}\n\n';
    const { client, gateway } = await scene(streaming(start, text, end));
    const sender = await client();
    sender.send(post('/v1/messages'));
    expect((await sender.reply()).body).toBe(start + text + end);
    const { facts } = await gateway.nextFinished();
    expect(facts.usage).toEqual({ input_tokens: 9, cache_read_input_tokens: 4, output_tokens: 3 });
    expect(facts.finishReason).toBe('end_turn');
    expect(facts.firstAnswerMs).not.toBeNull();
  });
});
