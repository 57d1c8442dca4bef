import { describe, expect, it } from '@jest/globals';
import { UsageEstimator } from '../../src/usage/estimating/usage-estimator.js';
import { policyOf } from '../conformance/rewriting.js';
import { chatText, requestText } from '../support/client/http-text.js';
import { deferred } from '../support/time/deferred.js';
import { deltaEvent, DONE, FINISH, textEvent } from '../support/upstream/chat-events.js';
import { ENDED, STREAM, STREAM_ASKED, streaming, USAGE, useUsageScenes } from './usage-scene.js';

const scene = useUsageScenes();

describe('an exchange whose usage nobody told', () => {
  it('is counted when its stream had none', async () => {
    const words = deltaEvent({ reasoning_content: 'one two three' }) + textEvent('four five');
    const { client, gateway } = await scene(streaming(words + FINISH + DONE));
    const sender = await client();
    sender.send(chatText(STREAM));
    await sender.reply();
    const exchange = await gateway.nextFinished();
    expect(exchange.facts.usage).toBeNull();
    expect(await gateway.app.get(UsageEstimator).estimate(exchange)).toEqual({
      // "user", "hi", the frame of one message, and the start of the answer.
      promptTokens: 8,
      completionTokens: 5,
      reasoningTokens: 3,
      cachedTokens: null,
    });
  });

  it('is counted when its JSON had none, of one delivery or of many', async () => {
    for (const content of ['one two three', 'one two '.repeat(50_000)]) {
      const body = JSON.stringify({ choices: [{ message: { content }, finish_reason: 'stop' }] });
      const { client, gateway } = await scene((turn) => turn.json(body));
      const sender = await client();
      sender.send(chatText());
      expect((await sender.reply()).body).toBe(body);
      const exchange = await gateway.nextFinished();
      expect(exchange.facts).toMatchObject({ usage: null, finishReason: 'stop' });
      const estimate = await gateway.app.get(UsageEstimator).estimate(exchange);
      const words = content.trim().split(' ').length;
      expect(Math.abs((estimate?.completionTokens ?? 0) - words) / words).toBeLessThan(0.02);
      expect(exchange.sample).toBeNull();
    }
  });

  it.each([
    ['that is empty', {}],
    ['whose numbers are strings', { prompt_tokens: '10', completion_tokens: '20' }],
    ['whose numbers are no counts', { prompt_tokens: -1, completion_tokens: 1e300 }],
    ['of a duration', { type: 'duration', seconds: 9 }],
  ])('is counted where it told a usage %s', async (_, usage) => {
    const words = deltaEvent({ content: 'one two three' }) + FINISH;
    const last = `data: ${JSON.stringify({ choices: [], usage })}\n\n`;
    const choice = { message: { content: 'one two three' }, finish_reason: 'stop' };
    const json = JSON.stringify({ choices: [choice], usage });
    for (const output of ['keep', 'tags'] as const) {
      const { client, gateway } = await scene(
        async (turn) => {
          if ((await turn.body()).includes('"stream"')) await streaming(words, last + DONE)(turn);
          else await turn.json(json);
        },
        { backend: { reasoning: policyOf({ output }) } },
      );
      const sender = await client();
      for (const request of [STREAM, STREAM_ASKED, undefined]) {
        sender.send(chatText(request));
        await sender.reply();
        const exchange = await gateway.nextFinished();
        expect(exchange.facts.usage).toBeNull();
        const estimate = await gateway.app.get(UsageEstimator).estimate(exchange);
        expect(estimate).toMatchObject({ completionTokens: 3 });
        expect(exchange.sample).toBeNull();
      }
    }
  });

  it('is counted by the first 256 Ki characters of a request that has more', async () => {
    const { client, gateway } = await scene(streaming(ENDED + DONE));
    const sender = await client();
    const messages = [{ role: 'user', content: ' one'.repeat(100_000) }];
    sender.send(chatText(JSON.stringify({ model: 'm', messages, stream: true })));
    await sender.reply();
    const exchange = await gateway.nextFinished();
    const counting = gateway.app.get(UsageEstimator).estimate(exchange);
    expect(await counting).toMatchObject({ promptTokens: 100_007, completionTokens: 1 });
    expect(exchange.sample).toBeNull();
  });

  it('is not counted, and nothing of it kept, where its usage was told after all', async () => {
    const { client, gateway } = await scene(streaming(ENDED + USAGE + DONE));
    const sender = await client();
    sender.send(chatText(STREAM));
    await sender.reply();
    const exchange = await gateway.nextFinished();
    expect(exchange.sample).toBeNull();
    expect(await gateway.app.get(UsageEstimator).estimate(exchange)).toBeNull();
  });

  it('is counted as far as it came when the client leaves', async () => {
    const { client, gateway } = await scene(async (turn) => {
      await turn.beginStream();
      await turn.chunk(textEvent('one two three'));
      await turn.closed();
    });
    const sender = await client();
    sender.send(chatText(STREAM));
    await sender.reader.until((text) => text.includes('three'));
    sender.reset();
    const exchange = await gateway.nextFinished();
    expect(exchange.outcome).toBe('client_aborted');
    expect(exchange.facts.firstAnswerMs).not.toBeNull();
    const estimate = await gateway.app.get(UsageEstimator).estimate(exchange);
    expect(estimate).toMatchObject({ completionTokens: 3, reasoningTokens: null });
  });

  it.each(['one two three', ''])(
    'is counted in part where a stream of messages broke off behind its prompt: %j',
    async (text) => {
      const start = { input_tokens: 9, cache_read_input_tokens: 4, output_tokens: 1 };
      const events = [
        { type: 'message_start', message: { usage: start } },
        { type: 'content_block_delta', delta: { type: 'text_delta', text } },
      ];
      const { client, gateway } = await scene(async (turn) => {
        await turn.beginStream();
        for (const event of events) await turn.chunk(`data: ${JSON.stringify(event)}\n\n`);
        await turn.closed();
      });
      const sender = await client();
      const headers = ['Content-Type: application/json'];
      sender.send(requestText('POST /v1/messages', { headers, body: STREAM }));
      await sender.reader.until((received) => received.includes('text_delta'));
      sender.reset();
      const exchange = await gateway.nextFinished();
      expect(exchange.facts.usage).toEqual({ input_tokens: 9, cache_read_input_tokens: 4 });
      expect(await gateway.app.get(UsageEstimator).estimate(exchange)).toEqual({
        promptTokens: 13,
        completionTokens: text === '' ? 0 : 3,
        reasoningTokens: null,
        cachedTokens: 4,
      });
      expect(exchange.sample).toBeNull();
    },
  );

  it('is counted as far as it came when the backend breaks off, and half an event is left out', async () => {
    const { client, gateway } = await scene(async (turn) => {
      await turn.beginStream();
      await turn.chunk(`${textEvent('one two')}data: {"id"`);
      turn.socket.end();
    });
    const sender = await client();
    sender.send(chatText(STREAM));
    const { body } = await sender.reply();
    expect(body).toMatch(/"one two".*\n\ndata: \{"error":/);
    const exchange = await gateway.nextFinished();
    expect(exchange.outcome).toBe('upstream_failed');
    const estimate = await gateway.app.get(UsageEstimator).estimate(exchange);
    expect(estimate).toMatchObject({ completionTokens: 2 });
  });

  it('is not counted when it was answered with an error, or before it was', async () => {
    const began = deferred();
    const { client, gateway, upstream } = await scene((turn) =>
      turn.json('{"error":"no"}', { status: '400 No' }),
    );
    const sender = await client();
    sender.send(chatText(STREAM));
    await sender.reply();
    const failed = await gateway.nextFinished();
    expect(await gateway.app.get(UsageEstimator).estimate(failed)).toBeNull();
    upstream.become(async (turn) => {
      began.resolve();
      await turn.closed();
    });
    sender.send(chatText(STREAM));
    await began.promise;
    sender.reset();
    const aborted = await gateway.nextFinished();
    expect(aborted.facts.status).toBeNull();
    expect(await gateway.app.get(UsageEstimator).estimate(aborted)).toBeNull();
  });
});
