import { describe, expect, it } from '@jest/globals';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { UsageEstimator } from '../../src/usage/estimating/usage-estimator.js';
import { policyOf } from '../conformance/rewriting.js';
import { chatText, requestText } from '../support/client/http-text.js';
import { headerIn } from '../support/client/raw-client.js';
import { configOf } from '../support/gateway/config.js';
import { type SceneOptions, useScenes } from '../support/gateway/scene.js';
import { deferred } from '../support/time/deferred.js';
import {
  deltaEvent,
  DONE,
  FINISH,
  textEvent,
  usageEvent,
} from '../support/upstream/chat-events.js';
import { type UpstreamScript } from '../support/upstream/scripted-upstream.js';

const scenes = useScenes();
const settings = { analytics: { ...configOf([]).settings.analytics, isEnabled: true } };

const MESSAGES = '"messages":[{"role":"user","content":"hi"}]';
const STREAM = `{"model":"m",${MESSAGES},"stream":true}`;
const STREAM_ASKED = `{"model":"m",${MESSAGES},"stream":true,"stream_options":{"include_usage":true}}`;

const ANSWER = deltaEvent({ role: 'assistant', content: '' }) + textEvent('Hi');
const ENDED = ANSWER + FINISH;
const REPORTED = { prompt_tokens: 9, completion_tokens: 3 };
const USAGE = usageEvent(REPORTED);

/** What came upstream, and a gateway that wants to know what is used. */
async function scene(script: UpstreamScript, options: SceneOptions = {}) {
  const bodies: string[] = [];
  const set = await scenes.scene(
    async (turn) => {
      bodies.push(await turn.body());
      await script(turn);
    },
    { settings, ...options },
  );
  return { ...set, bodies };
}

const streaming =
  (...chunks: readonly string[]): UpstreamScript =>
  async (turn) => {
    await turn.beginStream();
    for (const chunk of chunks) await turn.chunk(chunk);
    await turn.endStream();
  };

const jsonReply = (body: object): string => JSON.stringify(body);

describe('the usage of a stream', () => {
  it('is asked for, noted, and kept from a client that did not ask', async () => {
    const { client, gateway, bodies } = await scene(streaming(ENDED + USAGE + DONE));
    const sender = await client();
    sender.send(chatText(STREAM));
    expect((await sender.reply()).body).toBe(ENDED + DONE);
    expect(bodies).toEqual([STREAM_ASKED]);
    const { facts } = await gateway.nextFinished();
    expect(facts.usage).toEqual(REPORTED);
    expect(facts.finishReason).toBe('stop');
    expect(facts.firstAnswerMs).not.toBeNull();
    expect(facts.firstReasoningMs).toBeNull();
  });

  it('is that of the event before where the last one tells nothing', async () => {
    const nothing = usageEvent({});
    const { client, gateway } = await scene(streaming(ENDED + USAGE + nothing + DONE));
    const sender = await client();
    sender.send(chatText(STREAM));
    expect((await sender.reply()).body).toBe(ENDED + DONE);
    expect((await gateway.nextFinished()).facts.usage).toEqual(REPORTED);
  });

  it('is told by an event whose end the backend did not come to send', async () => {
    const { client, gateway } = await scene(async (turn) => {
      await turn.beginStream();
      await turn.chunk(ANSWER + USAGE.slice(0, -1));
      turn.socket.destroy();
    });
    const sender = await client();
    sender.send(chatText(STREAM));
    await sender.head();
    const exchange = await gateway.nextFinished();
    expect(exchange.outcome).toBe('upstream_failed');
    expect(exchange.facts.usage).toEqual(REPORTED);
  });

  it('is asked for without a coding that would have to be read', async () => {
    const { client, upstream } = await scene(streaming(DONE));
    const sender = await client();
    sender.send(
      requestText('POST /v1/chat/completions', {
        headers: ['Content-Type: application/json', 'Accept-Encoding: gzip'],
        body: STREAM,
      }),
    );
    await sender.reply();
    expect(upstream.requests[0]?.header('accept-encoding')).toBe('identity');
  });

  it('reaches a client that asked for it, byte for byte', async () => {
    const { client, gateway, bodies } = await scene(streaming(ENDED, USAGE + DONE));
    const sender = await client();
    sender.send(chatText(STREAM_ASKED));
    expect((await sender.reply()).body).toBe(ENDED + USAGE + DONE);
    expect(bodies).toEqual([STREAM_ASKED]);
    const { facts } = await gateway.nextFinished();
    expect(facts.usage).toEqual(REPORTED);
    expect(facts.finishReason).toBe('stop');
  });

  it('is noted where it stands beside the finish, which passes', async () => {
    const last = `data: {"choices":[{"index":0,"delta":{},"finish_reason":"length"}],"usage":{"prompt_tokens":9,"completion_tokens":3}}\n\n`;
    const { client, gateway } = await scene(streaming(ANSWER, last, DONE));
    const sender = await client();
    sender.send(chatText(STREAM));
    expect((await sender.reply()).body).toBe(ANSWER + last + DONE);
    const { facts } = await gateway.nextFinished();
    expect(facts.usage).toEqual(REPORTED);
    expect(facts.finishReason).toBe('length');
  });

  it('loses its length, digest and tag, which are those of other bytes', async () => {
    const body = ENDED + USAGE + DONE;
    const { client } = await scene((turn) =>
      turn.write(
        `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nETag: "x"\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      ),
    );
    const sender = await client();
    sender.send(chatText(STREAM));
    const reply = await sender.reply();
    expect(reply.body).toBe(ENDED + DONE);
    expect(headerIn(reply.headerLines, 'content-length')).toBeNull();
    expect(headerIn(reply.headerLines, 'etag')).toBeNull();
  });

  it('is kept from the client of a rewritten stream as well', async () => {
    const thought = textEvent('<think>hm</think>Hi');
    const { client, gateway } = await scene(streaming(thought + FINISH, USAGE + DONE), {
      backend: { reasoning: policyOf({ output: 'strip' }) },
    });
    const sender = await client();
    sender.send(chatText(STREAM));
    const { body } = await sender.reply();
    expect(body).not.toContain('usage');
    expect(body).toContain('"content":"Hi"');
    const { facts } = await gateway.nextFinished();
    expect(facts.usage).toEqual(REPORTED);
    expect(facts.rewritten).toBe(true);
    expect(facts.finishReason).toBe('stop');
  });

  it.each([
    ['as it is', 'keep', 'gzip', gzipSync],
    ['as it is', 'keep', 'br', brotliCompressSync],
    ['rewritten', 'strip', 'gzip', gzipSync],
  ] as const)(
    'is kept from the client of a stream that comes %s (%s) in %s nevertheless',
    async (_, output, coding, compress) => {
      const bytes = compress(ENDED + USAGE + DONE);
      const { client, gateway } = await scene(
        async (turn) => {
          await turn.body();
          await turn.write(
            `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: ${coding}\r\nContent-Length: ${bytes.length}\r\n\r\n`,
          );
          // Each byte by itself, which no decoder waits for.
          for (const byte of bytes) await turn.write(Buffer.of(byte));
        },
        { backend: { reasoning: policyOf({ output }) } },
      );
      const sender = await client();
      sender.send(chatText(STREAM));
      const reply = await sender.reply();
      expect(reply.body).toBe(ENDED + DONE);
      expect(headerIn(reply.headerLines, 'content-encoding')).toBeNull();
      const { facts } = await gateway.nextFinished();
      expect(facts).toMatchObject({ usage: REPORTED, finishReason: 'stop' });
      expect(facts.firstAnswerMs).not.toBeNull();
    },
  );

  it('stays in a stream whose coding nobody here can read, which passes as it is', async () => {
    const { client } = await scene((turn) =>
      turn.write(
        `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: lzw\r\nContent-Length: ${USAGE.length}\r\n\r\n${USAGE}`,
      ),
    );
    const sender = await client();
    sender.send(chatText(STREAM));
    const reply = await sender.reply();
    expect(reply.body).toBe(USAGE);
    expect(headerIn(reply.headerLines, 'content-encoding')).toBe('lzw');
  });

  it('is not withheld in an error, wherever it stands', async () => {
    const error = 'data: {"error":{"message":"no"},"usage":{"prompt_tokens":9}}\n\n';
    const { client } = await scene(streaming(ANSWER + USAGE + error));
    const sender = await client();
    sender.send(chatText(STREAM));
    expect((await sender.reply()).body).toBe(ANSWER + error);
  });

  it('is asked for in legacy completions too', async () => {
    const text = 'data: {"choices":[{"index":0,"text":"Hi","finish_reason":"stop"}]}\n\n';
    const { client, gateway, bodies } = await scene(streaming(text, USAGE, DONE));
    const sender = await client();
    const headers = ['Content-Type: application/json'];
    const body = '{"model":"m","prompt":"hi","stream":true}';
    sender.send(requestText('POST /v1/completions', { headers, body }));
    expect((await sender.reply()).body).toBe(text + DONE);
    expect(bodies).toEqual([`${body.slice(0, -1)},"stream_options":{"include_usage":true}}`]);
    const { facts } = await gateway.nextFinished();
    expect(facts).toMatchObject({ usage: REPORTED, finishReason: 'stop', requestedModel: 'm' });
    expect(facts.firstAnswerMs).not.toBeNull();
  });

  it.each(['{"prompt":', '', '[1]'])(
    'leaves a legacy request of %p to the backend',
    async (body) => {
      const { client, bodies } = await scene((turn) =>
        turn.json('{"error":"no"}', { status: '400 No' }),
      );
      const sender = await client();
      const headers = ['Content-Type: application/json'];
      sender.send(requestText('POST /v1/completions', { headers, body }));
      expect(await sender.reply()).toMatchObject({ status: 400, body: '{"error":"no"}' });
      expect(bodies).toEqual([body]);
    },
  );

  it.each(['keep', 'tags'] as const)(
    'is no reason to miss [DONE] without a line end (%s)',
    async (output) => {
      const cut: UpstreamScript = async (turn) => {
        await turn.beginStream();
        await turn.chunk(ENDED);
        await turn.chunk(DONE.trimEnd());
        turn.socket.end();
      };
      const { client, gateway } = await scene(cut, {
        backend: { reasoning: policyOf({ output }) },
      });
      const sender = await client();
      sender.send(chatText(STREAM));
      expect((await sender.reply()).body.trimEnd()).toBe((ENDED + DONE).trimEnd());
      const { outcome, facts } = await gateway.nextFinished();
      expect([outcome, facts.errorCode]).toEqual(['completed', null]);
    },
  );

  it('stays unasked where analytics are off', async () => {
    const { client, gateway, bodies } = await scene(streaming(ENDED + USAGE + DONE), {
      settings: {},
    });
    const sender = await client();
    sender.send(chatText(STREAM));
    expect((await sender.reply()).body).toBe(ENDED + USAGE + DONE);
    expect(bodies).toEqual([STREAM]);
    expect((await gateway.nextFinished()).facts.usage).toBeNull();
  });

  it('tells when reasoning and answer began, and how its deliveries followed each other', async () => {
    const steps = [deferred(), deferred()];
    const { client, gateway } = await scene(async (turn) => {
      await turn.beginStream();
      await turn.chunk(deltaEvent({ reasoning_content: 'hm' }));
      await steps[0]?.promise;
      await turn.chunk(textEvent('Hi'));
      await steps[1]?.promise;
      await turn.chunk(FINISH + DONE);
      await turn.endStream();
    });
    const sender = await client();
    sender.send(chatText(STREAM));
    await sender.reader.until((text) => text.includes('hm'));
    steps[0]?.resolve();
    await sender.reader.until((text) => text.includes('Hi'));
    steps[1]?.resolve();
    await sender.reader.until((text) => text.includes('[DONE]'));
    const { facts } = await gateway.nextFinished();
    const { firstReasoningMs, firstAnswerMs, totalMs, gaps } = facts;
    expect(firstReasoningMs).toBeGreaterThan(0);
    expect(firstAnswerMs).toBeGreaterThan(firstReasoningMs ?? Infinity);
    expect(totalMs).toBeGreaterThan(firstAnswerMs ?? Infinity);
    expect(gaps?.quantileMs(1)).toBeGreaterThan(0);
  });
});

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
    const body = jsonReply({ ...said, usage: REPORTED, more: [1] });
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
      const body = jsonReply({ id: 'c', usage: REPORTED, choices: [choice] });
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
      const { client, gateway } = await scene((turn) => turn.json(jsonReply(body)));
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
    const compressed = compress(jsonReply({ choices: [], usage: REPORTED }));
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
      const body = jsonReply({ choices: [{ message: { content }, finish_reason: 'stop' }] });
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
