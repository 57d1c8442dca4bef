import { afterEach, describe, expect, it } from '@jest/globals';
import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';
import { type ReasoningPolicy } from '../../src/config/typed/reasoning-policy.js';
import { seeJson, seeStream } from '../conformance/client-view.js';
import { wireCases } from '../conformance/corpus.js';
import { bodyOf, cut, policyOf, streamOf, tagsOf } from '../conformance/rewriting.js';
import { backend, configOf } from '../support/gateway/config.js';
import { startGateway, type Gateway } from '../support/gateway/gateway.js';
import {
  type ScriptedUpstream,
  startUpstream,
  type UpstreamScript,
} from '../support/upstream/scripted-upstream.js';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function start(
  script: UpstreamScript,
  reasoning: Partial<ReasoningPolicy> = {},
): Promise<{ gateway: Gateway; upstream: ScriptedUpstream }> {
  const upstream = await startUpstream(script);
  open.push(upstream);
  const gateway = await startGateway(
    configOf([backend(upstream.url, { reasoning: policyOf(reasoning) })]),
  );
  open.push(gateway);
  return { gateway, upstream };
}

function chat(
  { url }: Gateway,
  body: object = {},
  headers: Readonly<Record<string, string>> = {},
  path = '/v1/chat/completions',
): Promise<Response> {
  return fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }], ...body }),
  });
}

async function bytesOf(response: Response): Promise<Uint8Array> {
  return new Uint8Array(await response.arrayBuffer());
}

const streaming =
  (bytes: Uint8Array, size: number): UpstreamScript =>
  async (turn) => {
    await turn.beginStream();
    for (const piece of cut(bytes, size)) await turn.chunk(piece);
    await turn.endStream();
  };

const HARMONY =
  '<|channel|>analysis<|message|>Think<|end|><|start|>assistant<|channel|>final<|message|>4.<|return|>';

describe('reasoning over sockets', () => {
  it('rewrites harmony to tags with no configuration, as JSON', async () => {
    const { gateway } = await start((turn) => turn.json(Buffer.from(bodyOf(HARMONY)).toString()));
    const response = await chat(gateway);
    const bytes = await bytesOf(response);
    expect(seeJson(bytes).choices['0']?.content).toBe('<think>Think</think>4.');
    expect(response.headers.get('content-length')).toBe(String(bytes.length));
  });

  it.each([1, 7, 4096])('rewrites harmony to tags in a stream of %d-byte writes', async (size) => {
    const bytes = streamOf(Array.from(HARMONY));
    const { gateway } = await start(streaming(bytes, size));
    const response = await chat(gateway, { stream: true }, {}, '/chat/completions');
    const seen = seeStream(await bytesOf(response));
    expect(seen.choices['0']?.content).toBe('<think>Think</think>4.');
    expect(seen.isDone).toBe(true);
  });

  it('gives each client the output it asks for, and keeps the wish to itself', async () => {
    const { gateway, upstream } = await start(streaming(streamOf(['<think>a</think>b']), 4096));
    const response = await chat(gateway, { stream: true }, { 'x-sluice-reasoning': 'both' });
    const [choice] = Object.values(seeStream(await bytesOf(response)).choices);
    expect(choice?.reasoning).toEqual({ reasoning_content: 'a', reasoning: 'a' });
    expect(choice?.content).toBe('b');
    expect(upstream.requests[0]?.header('x-sluice-reasoning')).toBeNull();
    expect(upstream.requests[0]?.header('accept-encoding')).toBe('identity');
  });

  it('refuses an output that it does not know with the names of those it does', async () => {
    const { gateway, upstream } = await start(() => undefined);
    const response = await chat(gateway, {}, { 'x-sluice-reasoning': 'loud' });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: {
        message:
          'x-sluice-reasoning must be one of: keep, strip, tags, reasoning_content, reasoning, both',
        type: 'invalid_request_error',
        code: 'invalid_value',
        param: 'x-sluice-reasoning',
      },
    });
    expect(upstream.requests).toEqual([]);
  });

  it('leaves a reply that holds no reasoning byte for byte', async () => {
    const body =
      '{"f": 1.0, "big": 9223372036854775808, "a":1,"a":2, "choices":[{"index":0,"message":{"content":"x\\u0000"}}]}';
    const { gateway } = await start((turn) => turn.json(body));
    expect(Buffer.from(await bytesOf(await chat(gateway))).toString()).toBe(body);
  });

  it.each([401, 429, 500])('leaves an answer of status %d as it is', async (status) => {
    const body = '{"error":{"message":"<think>no</think>"},"choices":[]}';
    const { gateway } = await start((turn) => turn.json(body, { status: `${status} Nope` }), {
      output: 'strip',
    });
    const response = await chat(gateway);
    expect(response.status).toBe(status);
    expect(await response.text()).toBe(body);
  });

  it('answers in the form the backend chose, whatever was asked for', async () => {
    const { gateway, upstream } = await start(
      (turn) => turn.json(Buffer.from(bodyOf('<think>a</think>b')).toString()),
      { output: 'reasoning' },
    );
    const json = await chat(gateway, { stream: true });
    expect(json.headers.get('content-type')).toBe('application/json');
    expect(seeJson(await bytesOf(json)).choices['0']).toMatchObject({
      content: 'b',
      reasoning: { reasoning: 'a' },
    });
    upstream.become(streaming(streamOf(['<think>a</think>b']), 64));
    const stream = await chat(gateway);
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    expect(seeStream(await bytesOf(stream)).choices['0']?.content).toBe('b');
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ] as const)('reads a %s body and does not claim that coding for it', async (coding, compress) => {
    const { gateway } = await start(
      async (turn) => {
        await turn.body();
        const bytes = compress(bodyOf('<think>a</think>b'));
        await turn.write(
          `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: ${coding}\r\nContent-Length: ${bytes.length}\r\n\r\n`,
        );
        await turn.write(bytes);
      },
      { output: 'reasoning_content' },
    );
    const response = await chat(gateway);
    expect(response.headers.get('content-encoding')).toBeNull();
    expect(seeJson(await bytesOf(response)).choices['0']).toMatchObject({
      content: 'b',
      reasoning: { reasoning_content: 'a' },
    });
  });

  it.each([
    ['two fields', 'Content-Encoding: gzip\r\nContent-Encoding: br\r\n'],
    ['one field', 'Content-Encoding: gzip, br\r\n'],
  ])('leaves a body alone that is in two codings, told by %s', async (_told, fields) => {
    const bytes = brotliCompressSync(gzipSync(bodyOf('<think>a</think>b')));
    const { gateway } = await start(
      async (turn) => {
        await turn.body();
        await turn.write(
          `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n${fields}Content-Length: ${bytes.length}\r\n\r\n`,
        );
        await turn.write(bytes);
      },
      { output: 'reasoning_content' },
    );
    const response = await chat(gateway);
    expect(response.headers.get('content-encoding')).toBe('gzip, br');
    expect(await bytesOf(response)).toEqual(bodyOf('<think>a</think>b'));
  });

  it('tells nothing of the compressed bytes of a body that is only decoded', async () => {
    const ofTheBytes = ['ETag', 'Content-MD5', 'Content-Digest', 'Repr-Digest', 'Digest'];
    const { gateway } = await start(
      async (turn) => {
        await turn.body();
        const bytes = gzipSync(bodyOf('nothing to rewrite'));
        const fields = [...ofTheBytes, 'Vary'].map((name) => `${name}: x\r\n`).join('');
        await turn.write(
          `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n${fields}Content-Length: ${bytes.length}\r\n\r\n`,
        );
        await turn.write(bytes);
      },
      { output: 'reasoning_content' },
    );
    const response = await chat(gateway);
    expect(await bytesOf(response)).toEqual(bodyOf('nothing to rewrite'));
    expect(response.headers.get('vary')).toBe('x');
    for (const name of ['Content-Encoding', ...ofTheBytes]) {
      expect([name, response.headers.get(name)]).toEqual([name, null]);
    }
  });

  it('answers a compressed body that is cut short with an error, not with half of it', async () => {
    const { gateway } = await start(async (turn) => {
      await turn.body();
      const bytes = gzipSync(bodyOf('x'.repeat(2000))).subarray(0, 40);
      await turn.write(
        `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 40\r\n\r\n`,
      );
      await turn.write(bytes);
    });
    const response = await chat(gateway);
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ error: { code: 'upstream_protocol' } });
  });

  it('sends held text before the error when the backend breaks off', async () => {
    const { gateway } = await start(
      async (turn) => {
        await turn.beginStream();
        const whole = Buffer.from(streamOf(['<think>a</th'])).toString();
        await turn.chunk(whole.slice(0, whole.lastIndexOf('data: {')));
        turn.socket.end();
      },
      { output: 'reasoning_content' },
    );
    const seen = seeStream(await bytesOf(await chat(gateway, { stream: true })));
    expect(seen.choices['0']?.reasoning).toEqual({ reasoning_content: 'a</th' });
    expect(seen.choices['0']?.finishReasons).toEqual([]);
    expect(seen.error).toMatchObject({ code: 'upstream_protocol' });
    expect(seen.isDone).toBe(false);
  });

  it('drops half an event that the backend broke off in, so that the error can be read', async () => {
    const { gateway } = await start(async (turn) => {
      await turn.beginStream();
      const whole = Buffer.from(streamOf(['a'])).toString();
      await turn.chunk(whole.slice(0, whole.indexOf('"content":"a"') + 8));
      turn.socket.end();
    });
    const seen = seeStream(await bytesOf(await chat(gateway, { stream: true })));
    expect(seen.unreadable).toEqual([]);
    expect(seen.error).toMatchObject({ code: 'upstream_protocol' });
  });

  it('rewrites the text of a legacy completion, which has no field to move reasoning to', async () => {
    const legacy =
      '{"id":"c","object":"text_completion","choices":[{"index":0,"text":"<think>a</think>b","finish_reason":"stop"}]}';
    const { gateway } = await start((turn) => turn.json(legacy), { output: 'strip' });
    const stripped = await chat(gateway, { prompt: 'p' }, {}, '/v1/completions');
    expect(seeJson(await bytesOf(stripped)).choices['0']?.content).toBe('b');
    const moved = await chat(
      gateway,
      { prompt: 'p' },
      { 'x-sluice-reasoning': 'reasoning' },
      '/v1/completions',
    );
    expect(await moved.text()).toBe(legacy);
  });

  it('notes on the exchange what the reply held, though the client was not shown it', async () => {
    const { gateway } = await start(
      streaming(streamOf(['<think>', 'a', '</think>', 'b'], 'length'), 4096),
      { output: 'strip', input: tagsOf({}) },
    );
    const finished = gateway.nextFinished();
    await bytesOf(await chat(gateway, { stream: true }));
    const { facts } = await finished;
    expect(facts).toMatchObject({ finishReason: 'length', rewritten: true, unclosedBlocks: 0 });
    expect(facts.reasoningBlocks).toEqual(new Map([['custom', 1]]));
    expect(facts.firstReasoningMs).not.toBeNull();
    expect(facts.firstAnswerMs).not.toBeNull();
  });

  it('sends history on in the form that the backend takes, and no other byte of it', async () => {
    const bodies: string[] = [];
    const { gateway } = await start(
      async (turn) => {
        bodies.push(await turn.body());
        await turn.write(
          'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}',
        );
      },
      { history: 'reasoning_content' },
    );
    const sent =
      '{"model" : "m", "messages":[{"role":"assistant","content":"<think>a</think>b"},{"role":"user","content":"<think>c</think>"}], "t":1.0}';
    await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', body: sent });
    expect(bodies).toEqual([
      '{"model" : "m", "messages":[{"role":"assistant","content":"b","reasoning_content":"a"},{"role":"user","content":"<think>c</think>"}], "t":1.0}',
    ]);
  });

  it.each([
    ['/v1/chat/completions', 'GET'],
    ['/chat/completions', 'PUT'],
  ])('takes no other method than POST on %s', async (path, method) => {
    const { gateway, upstream } = await start(() => undefined);
    const response = await fetch(gateway.url + path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect(await response.json()).toMatchObject({ error: { code: 'method_not_allowed' } });
    expect(upstream.requests).toEqual([]);
  });

  it.each([
    ['{"model":"m"}', 'missing_field', 'messages'],
    ['{"model":"m","messages":[]}', 'missing_field', 'messages'],
    ['{"messages":[{"role":"user","content":"x"}]}', 'missing_field', 'model'],
    ['[]', 'invalid_json', null],
    ['{"model":', 'invalid_json', null],
  ])('refuses the chat request %s with %s', async (body, code, param) => {
    const { gateway, upstream } = await start(() => undefined);
    const response = await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code, param } });
    expect(upstream.requests).toEqual([]);
  });
});

describe('wire cases over sockets', () => {
  const sample = wireCases.filter(({ id }) =>
    ['seed000/harmony_to_think_tokenwise', 'crlf', 'utf8', 'n2_interleaved', 'no_done'].includes(
      id,
    ),
  );

  it.each(sample.map((found) => [found.id, found] as const))(
    '%s comes out the same whole and in writes of one byte',
    async (_id, { upstream: { body } }) => {
      const bytes = Buffer.from(body);
      const { gateway, upstream } = await start(streaming(bytes, bytes.length), {
        output: 'reasoning_content',
      });
      const whole = seeStream(await bytesOf(await chat(gateway, { stream: true })));
      upstream.become(streaming(bytes, 1));
      const split = seeStream(await bytesOf(await chat(gateway, { stream: true })));
      expect(split.choices).toEqual(whole.choices);
      expect(Object.keys(whole.choices).length).toBeGreaterThan(0);
    },
  );
});
