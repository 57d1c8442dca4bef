import { describe, expect, it } from '@jest/globals';
import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';
import { from } from 'rxjs';
import { decodedBody } from '../../src/exchange/reply/transform/content-coding.js';
import { bodyOf, policyOf } from '../conformance/rewriting.js';
import { chatText, requestText } from '../support/client/http-text.js';
import { headerIn, type RawClient } from '../support/client/raw-client.js';
import { limits } from '../support/gateway/config.js';
import { useScenes } from '../support/gateway/scene.js';
import { eventually } from '../support/time/eventually.js';
import { useAttackScene } from './attack-scene.js';

const { scene } = useScenes();

describe('a flood of header fields', () => {
  const attacks = useAttackScene();
  const withFields = (count: number): string =>
    `GET /v1/x HTTP/1.1\r\nHost: a\r\n${'X: y\r\n'.repeat(count)}\r\n`;

  it('reaches the backend without one missing, or not at all', async () => {
    for (const count of [1, 100, 500, 900, 1_000, 1_500, 1_998, 1_999, 2_000, 4_000, 16_000]) {
      const { statuses, carried } = await attacks().attack(withFields(count));
      const fields = carried.flatMap((request) => request.fields).filter(([name]) => name === 'x');
      expect([count, statuses, fields.length]).toEqual(
        statuses[0] === 200 ? [count, [200], count] : [count, [431], 0],
      );
    }
    expect((await attacks().attack(withFields(900))).statuses).toEqual([200]);
    expect((await attacks().attack(withFields(4_000))).statuses).toEqual([431]);
  });

  it.each([
    'Content-Length: 5\r\n\r\nhello',
    'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'Host: b\r\n\r\n',
  ])('hides nothing of what decides behind it: %j', async (end) => {
    const flood = withFields(2_100).slice(0, -2);
    const outcome = await attacks().attack(flood + end);
    expect(outcome).toEqual({ statuses: [431], isClosed: true, carried: [] });
  });

  it('is refused by its size, in one field or in many', async () => {
    for (const lines of [
      `X: ${'a'.repeat(40_000)}`,
      `X: ${'a'.repeat(400)}\r\n`.repeat(100).trimEnd(),
    ]) {
      const bytes = `GET /v1/x HTTP/1.1\r\nHost: a\r\n${lines}\r\n\r\n`;
      const outcome = await attacks().attack(bytes);
      expect(outcome).toEqual({ statuses: [431], isClosed: true, carried: [] });
    }
  });
});

describe('clients that take their time', () => {
  const settings = { limits: limits({ requestMs: 200 }) };

  it('lose the connection when their head never ends, though it keeps moving', async () => {
    const { client, upstream } = await scene((turn) => turn.json('{}'), { settings });
    const [slow, other] = [await client(), await client()];
    slow.send('GET /v1/slow HTTP/1.1\r\nHost: a\r\nX: ');
    // As fast as others are served: there is never silence.
    const drip = async (): Promise<number> => {
      slow.send('y');
      other.send(requestText('GET /v1/other'));
      expect((await other.reply()).status).toBe(200);
      return slow.reader.receivedBytes;
    };
    await eventually(drip, (receivedBytes) => receivedBytes > 0);
    await slow.ended();
    expect(slow.reader.received).toMatch(/^HTTP\/1\.1 408 /);
    expect(upstream.requests.map(({ target }) => target)).not.toContain('/v1/slow');
  });

  it('do not keep others waiting, however many they are', async () => {
    const { client, upstream } = await scene((turn) => turn.json('{}'), { settings });
    const slow = await Promise.all(Array.from({ length: 100 }, client));
    slow.forEach((each, index) => {
      each.send(
        index % 2 === 0 ? 'GET /v1/slow HTTP/1.1\r\nHost: a\r\nX:' : chatText().slice(0, -1),
      );
    });
    const other = await client();
    other.send(requestText('GET /v1/other'));
    expect((await other.reply()).status).toBe(200);
    const answers = await Promise.all(slow.map((each) => each.reply()));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([408]));
    await Promise.all(slow.map((each) => each.ended()));
    expect(upstream.requests.map(({ target }) => target)).toEqual(['/v1/other']);
  });
});

describe('a decompression bomb', () => {
  const MAX_BYTES = 65_536;
  const CODINGS = [
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ] as const;

  const options = {
    backend: { reasoning: policyOf({ output: 'strip' }) },
    settings: { limits: limits({ maxBodyBytes: MAX_BYTES }) },
  };

  /** Client of a gateway whose backend answers with these bytes in this coding. */
  async function asking(type: string, coding: string, body: Uint8Array): Promise<RawClient> {
    const head = [
      'HTTP/1.1 200 OK',
      `Content-Type: ${type}`,
      `Content-Encoding: ${coding}`,
      `Content-Length: ${body.length}`,
    ].join('\r\n');
    const { client } = await scene(async (turn) => {
      await turn.body();
      await turn.write(`${head}\r\n\r\n`);
      await turn.write(body);
    }, options);
    const sender = await client();
    sender.send(chatText());
    return sender;
  }

  it.each(CODINGS)('in a JSON reply is an error: %s', async (coding, compress) => {
    const bomb = compress(Buffer.alloc(4_000_000, ' '));
    const sender = await asking('application/json', coding, bomb);
    const { status, body } = await sender.reply();
    expect([status, body]).toEqual([
      502,
      '{"error":{"message":"the backend\'s compressed reply holds more than 65536 bytes",' +
        '"type":"upstream_error","code":"upstream_protocol","param":null}}',
    ]);
  });

  it.each(CODINGS)(
    'in a stream is passed on as it is read, for it may be long: %s',
    async (coding, compress) => {
      const bomb = compress(Buffer.alloc(4_000_000, 'data: {}\n\n'));
      const sender = await asking('text/event-stream', coding, bomb);
      const { status, body } = await sender.reply();
      expect([status, body === 'data: {}\n\n'.repeat(400_000)]).toEqual([200, true]);
    },
  );

  it.each(CODINGS)('gives out nothing beyond the bound: %s', async (coding, compress) => {
    const bomb = compress(Buffer.alloc(4_000_000, 'x'));
    let givenBytes = 0;
    const reply = {
      status: 200,
      headers: ['Content-Encoding', coding],
      body: from([bomb]),
      route: null,
    };
    await new Promise<void>((resolve) => {
      decodedBody(reply, MAX_BYTES).body.subscribe({
        next: (chunk) => (givenBytes += chunk.length),
        error: () => {
          resolve();
        },
      });
    });
    expect(givenBytes).toBeLessThanOrEqual(MAX_BYTES);
  });

  it.each(CODINGS)('is told from a reply of the greatest size: %s', async (coding, compress) => {
    const reply = Buffer.from(bodyOf('<think>a</think>b')).toString().padEnd(MAX_BYTES);
    const greatest = await asking('application/json', coding, compress(reply));
    const { status, body } = await greatest.reply();
    expect([status, body.length]).toEqual([200, MAX_BYTES - '<think>a</think>'.length]);
    const greater = await asking('application/json', coding, compress(`${reply} `));
    expect((await greater.reply()).status).toBe(502);
  });

  it.each([
    ['in two codings', 'gzip, gzip', gzipSync(gzipSync(Buffer.alloc(1_000_000)))],
    ['in a coding nobody knows', 'compress', Buffer.from('\x1f\x9d\x90')],
  ])('passes as it is, unread, %s', async (_what, coding, bomb) => {
    const sender = await asking('application/json', coding, bomb);
    const { status, body, headerLines } = await sender.reply();
    expect([status, headerIn(headerLines, 'content-encoding')]).toEqual([200, coding]);
    expect(body).toBe(bomb.toString('latin1'));
  });

  it.each(CODINGS.map(([coding]) => coding))(
    'that is none is an error as well: %s',
    async (coding) => {
      const sender = await asking('application/json', coding, Buffer.from('\x08no such coding'));
      expect((await sender.reply()).status).toBe(502);
    },
  );

  it('in a request is refused, and never decoded', async () => {
    const { client, upstream } = await scene((turn) => turn.json('{}'), options);
    const sender = await client();
    const bomb = gzipSync(Buffer.alloc(10_000_000, ' '));
    const headers = ['Content-Encoding: gzip', `Content-Length: ${bomb.length}`];
    sender.send(requestText('POST /v1/chat/completions', { headers }));
    sender.send(bomb);
    const { status, body } = await sender.reply();
    expect([status, JSON.parse(body)]).toEqual([
      400,
      { error: expect.objectContaining({ code: 'invalid_json' }) },
    ]);
    expect(upstream.requests).toEqual([]);
  });
});
