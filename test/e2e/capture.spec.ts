import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { RecordQueue } from '../../src/analytics/delivery/record-queue.js';
import { useAnalyticsFolder } from '../support/analytics/analytics-folder.js';
import { requestText } from '../support/client/http-text.js';
import { writtenConfig } from '../support/gateway/config.js';
import { type Gateway } from '../support/gateway/gateway.js';
import { useScenes } from '../support/gateway/scene.js';
import { eventually } from '../support/time/eventually.js';
import { deltaEvent, DONE } from '../support/upstream/chat-events.js';
import { PROBE_PATH, type UpstreamScript } from '../support/upstream/scripted-upstream.js';

const folder = useAnalyticsFolder();
const { upstreamOf, gatewayWith, clientOf } = useScenes();

const QUESTION = { model: 'm', messages: [{ role: 'user', content: 'Grüezi' }] };
const ANSWER = {
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 1 },
};

interface Asked {
  readonly path?: string;
  readonly type?: string;
  readonly body?: string;
  readonly headers?: readonly string[];
}

type Ask = (asked?: Asked) => Promise<Record<string, unknown>>;

/** A gateway that captures like this; what it gives back asks it, and then for the record. */
async function capturing(
  capture: object | undefined,
  script: UpstreamScript = (turn) => turn.json(JSON.stringify(ANSWER)),
): Promise<Ask> {
  const gateway = await gatewayCapturing(capture, script);
  return (asked) => recordOf(gateway, asked);
}

async function gatewayCapturing(
  capture: object | undefined,
  script: UpstreamScript = () => undefined,
): Promise<Gateway> {
  const upstream = await upstreamOf(script);
  const sink = { use: 'duckdb', path: folder.path('capture.duckdb') };
  return gatewayWith(
    writtenConfig({
      primary_backends: [
        {
          name: 'local',
          url: upstream.url,
          headers: { 'x-backend-key': 'sk-sentinel-4' },
          health: { path: PROBE_PATH },
        },
      ],
      settings: {
        reasoning: { output: 'reasoning_content' },
        analytics: { ...folder.settings(sink), ...(capture === undefined ? {} : { capture }) },
      },
    }),
  );
}

async function recordOf(
  gateway: Gateway,
  {
    path = '/v1/chat/completions',
    type = 'application/json',
    body = JSON.stringify(QUESTION),
    headers: others = [],
  }: Asked = {},
): Promise<Record<string, unknown>> {
  const id = randomUUID();
  const headers = [
    ...[`Content-Type: ${type}`, `x-request-id: ${id}`],
    ...['Authorization: Bearer sk-sentinel-1', 'Cookie: sk-sentinel-2'],
    ...others,
  ];
  const finished = gateway.nextFinished();
  const client = await clientOf(gateway);
  client.send(requestText(`POST ${path}?key=sk-sentinel-3`, { headers, body }));
  await client.reply();
  await finished;
  gateway.app.get(RecordQueue, { strict: false }).flush();
  const response = await eventually(
    () => fetch(`${gateway.url}/analytics/exchanges/${id}`),
    ({ status }) => status === 200,
  );
  const text = await response.text();
  expect(text).not.toContain('sk-sentinel');
  return JSON.parse(text) as Record<string, unknown>;
}

function streaming(...deltas: readonly object[]): UpstreamScript {
  return async (turn) => {
    await turn.beginStream();
    for (const delta of deltas) await turn.chunk(deltaEvent(delta));
    await turn.chunk(deltaEvent({}, 'tool_calls') + DONE);
    await turn.endStream();
  };
}

const refusing: UpstreamScript = (turn) =>
  turn.json('{"error":{"message":"too long"}}', { status: '400 Bad Request' });

const JSON_TYPE = ['Content-Type: application/json'];

const KEPT = { request: QUESTION, reply: ANSWER };
const NOTHING = { request: null, reply: null };

describe('capture', () => {
  it.each<[string, object | undefined, object]>([
    ['nothing unless it is asked for', undefined, NOTHING],
    ['nothing when it is off', { mode: 'off' }, NOTHING],
    ['nothing of a success when failures are asked for', { mode: 'failures' }, NOTHING],
    ['nothing of a sample that has no share', { mode: 'sample', rate: 0 }, NOTHING],
    ['every exchange of a sample that has all', { mode: 'sample', rate: 1 }, KEPT],
    ['every exchange where all are asked for', { mode: 'all' }, KEPT],
  ])('keeps %s', async (_what, capture, kept) => {
    const ask = await capturing(capture);
    expect(await ask()).toMatchObject(kept);
  });

  it('keeps what failed where failures are asked for, whoever says so', async () => {
    const ask = await capturing({ mode: 'failures' }, refusing);
    expect(await ask()).toMatchObject({
      ...{ status: 400, outcome: 'completed', request: QUESTION },
      reply: { error: { message: 'too long' } },
    });
    // What the gateway itself refuses is no JSON here, and shown as the text it is.
    expect(await ask({ body: '{"model":' })).toMatchObject({
      ...{ status: 400, outcome: 'rejected', error_code: 'invalid_json', request: '{"model":' },
    });
  });

  it('keeps a stream as the message that the client got', async () => {
    const call = (index: number, id: string, name: string) => ({
      ...{ index, id, type: 'function', function: { name, arguments: '' } },
    });
    const piece = (index: number, text: string) => ({
      tool_calls: [{ index, function: { arguments: text } }],
    });
    const ask = await capturing(
      { mode: 'all' },
      streaming(
        { role: 'assistant', content: '<think>Let me ' },
        { content: 'see.</think>Here ' },
        { content: 'it is.' },
        { tool_calls: [call(0, 'a', 'look')] },
        piece(0, '{"at":'),
        { tool_calls: [call(1, 'b', 'listen')] },
        piece(1, '{}'),
        piece(0, '"it"}'),
      ),
    );
    const { reply } = await ask({ body: JSON.stringify({ ...QUESTION, stream: true }) });
    expect(reply).toEqual({
      id: 'c',
      created: 1,
      model: 'm',
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            reasoning_content: 'Let me see.',
            content: 'Here it is.',
            tool_calls: [
              {
                index: 0,
                id: 'a',
                type: 'function',
                function: { name: 'look', arguments: '{"at":"it"}' },
              },
              {
                index: 1,
                id: 'b',
                type: 'function',
                function: { name: 'listen', arguments: '{}' },
              },
            ],
          },
          finish_reason: 'tool_calls',
        },
      ],
    });
  });

  it('keeps requests to other endpoints, which would stream through', async () => {
    const ask = await capturing({ mode: 'all' }, (turn) => turn.json('{"data":[1]}'));
    const body = '{"model":"m","input":["hi"]}';
    expect(await ask({ path: '/v1/embeddings', body })).toMatchObject({
      request: { model: 'm', input: ['hi'] },
      reply: { data: [1] },
    });
  });

  it('keeps no upload, which streams through', async () => {
    const ask = await capturing({ mode: 'all' }, (turn) => turn.json('{"data":[1]}'));
    // RFC 7464: its name begins like that of JSON, and it is none.
    const asked = { path: '/v1/files', type: 'application/json-seq', body: '\x1e{}\n' };
    expect(await ask(asked)).toMatchObject({ request: null, reply: { data: [1] } });
  });

  it('keeps the reply to a client that takes compressed ones', async () => {
    const ask = await capturing({ mode: 'all' }, (turn) => {
      const isCompressed = turn.request.header('accept-encoding') === 'gzip';
      return turn.json('{"data":[1]}', {
        headers: isCompressed ? 'Content-Encoding: gzip\r\n' : '',
      });
    });
    const asked = { path: '/v1/embeddings', headers: ['Accept-Encoding: gzip'] };
    expect(await ask(asked)).toMatchObject({ reply: { data: [1] } });
  });

  it('keeps a text as it is', async () => {
    const ask = await capturing({ mode: 'all' }, async (turn) => {
      await turn.body();
      await turn.write(
        'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nplain',
      );
    });
    expect(await ask()).toMatchObject({ reply: 'plain' });
  });

  it('keeps what is redacted out of the store, by key and by path', async () => {
    const redact = ['password', '$.messages[*].content', '$.choices[0].message'];
    const ask = await capturing({ mode: 'all', redact });
    const tool = { function: { parameters: { password: 'open sesame' } } };
    expect(await ask({ body: JSON.stringify({ ...QUESTION, tools: [tool] }) })).toMatchObject({
      request: {
        model: 'm',
        messages: [{ role: 'user', content: '[redacted]' }],
        tools: [{ function: { parameters: { password: '[redacted]' } } }],
      },
      reply: {
        ...ANSWER,
        choices: [{ index: 0, message: '[redacted]', finish_reason: 'stop' }],
      },
    });
  });

  it('keeps what is redacted out of what a tool is called with', async () => {
    const piece = (text: string): object => ({
      tool_calls: [{ index: 0, function: { arguments: text } }],
    });
    const ask = await capturing(
      { mode: 'all', redact: ['password'] },
      streaming({ role: 'assistant' }, piece('{"pass'), piece('word":"open se'), piece('same"}')),
    );
    const called = { function: { arguments: '{"password":"open sesame"}' } };
    const body = JSON.stringify({
      ...{ model: 'm', stream: true },
      messages: [{ role: 'assistant', tool_calls: [called] }],
    });
    const redacted = { tool_calls: [{ function: { arguments: '{"password":"[redacted]"}' } }] };
    expect(await ask({ body })).toMatchObject({
      request: { messages: [redacted] },
      reply: { choices: [{ message: redacted }] },
    });
  });

  it('cuts what is longer than max_bytes, between two characters', async () => {
    const ask = await capturing({ mode: 'all', max_bytes: 54 });
    const { request, reply } = await ask();
    // The 54th byte is the first of `ü`.
    expect(request).toBe('{"model":"m","messages":[{"role":"user","content":"Gr…');
    expect(reply).toBe('{"model":"m","choices":[{"index":0,"message":{"role":"…');
  });

  it('keeps nothing of what is no JSON, so that it could not be redacted', async () => {
    const ask = await capturing({ mode: 'all', redact: ['password'] }, async (turn) => {
      await turn.body();
      await turn.write(
        'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 11\r\n\r\npassword: x',
      );
    });
    const note = '[not kept: no JSON, so that it could not be redacted]';
    expect(await ask({ body: '{"password":"open sesame",}' })).toMatchObject({ request: note });
    expect(await ask()).toMatchObject({ reply: note });
  });

  it.each([[[]], [['password']]])('keeps no key, redacting %j', async (redact) => {
    const echo = '{"error":{"message":"sk-sentinel-1 and sk-sentinel-4 are no good"}}';
    const ask = await capturing({ mode: 'failures', redact }, (turn) =>
      turn.json(echo, { status: '401 Unauthorized' }),
    );
    const body = JSON.stringify({ ...QUESTION, api_key: 'sk-sentinel-1' });
    expect(await ask({ body })).toMatchObject({
      request: { ...QUESTION, api_key: '[redacted]' },
      reply: { error: { message: '[redacted] and [redacted] are no good' } },
    });
  });

  it('keeps no key in halves', async () => {
    const ask = await capturing({ mode: 'all', max_bytes: 21 }, (turn) =>
      turn.json('{"error":"key sk-sentinel-4"}', { status: '401 Unauthorized' }),
    );
    expect((await ask()).reply).toBe('{"error":"key [redact…');
  });

  it('is in the phase of reading while it waits for a body', async () => {
    const gateway = await gatewayCapturing({ mode: 'all' });
    const client = await clientOf(gateway);
    const started = gateway.nextStarted();
    client.send(
      requestText('POST /v1/embeddings', { headers: JSON_TYPE, body: '{}' }).slice(0, -1),
    );
    await started;
    client.reset();
    expect((await gateway.nextFinished()).facts.endedIn).toBe('reading');
  });

  it('keeps nothing of what is too long to be redacted', async () => {
    const ask = await capturing({ mode: 'all', max_bytes: 54, redact: ['password'] });
    expect((await ask()).reply).toBe(
      '[not kept: longer than max_bytes, so that it could not be redacted]',
    );
  });
});
