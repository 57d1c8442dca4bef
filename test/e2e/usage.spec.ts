import { describe, expect, it } from '@jest/globals';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { policyOf } from '../conformance/rewriting.js';
import { chatText, requestText } from '../support/client/http-text.js';
import { headerIn } from '../support/client/raw-client.js';
import { deferred } from '../support/time/deferred.js';
import {
  deltaEvent,
  DONE,
  FINISH,
  textEvent,
  usageEvent,
} from '../support/upstream/chat-events.js';
import { type UpstreamScript } from '../support/upstream/scripted-upstream.js';
import {
  ANSWER,
  ENDED,
  REPORTED,
  STREAM,
  STREAM_ASKED,
  streaming,
  USAGE,
  useUsageScenes,
} from './usage-scene.js';

const scene = useUsageScenes();

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
