import { describe, expect, it } from '@jest/globals';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { type ExchangeRecord } from '../../src/analytics/record/exchange-record.js';
import { Fingerprints } from '../../src/analytics/record/fingerprints.js';
import { RecordBuilder } from '../../src/analytics/record/record-builder.js';
import { RecordIds } from '../../src/analytics/record/record-ids.js';
import {
  Recorder,
  type RecorderParts,
  type TokenEstimates,
} from '../../src/analytics/record/recorder.js';
import { ConfigStore } from '../../src/config/config-store.js';
import { type AnalyticsConfig } from '../../src/config/typed/analytics-config.js';
import { onExchange } from '../../src/exchange/exchange.events.js';
import { type Exchange } from '../../src/exchange/exchange.js';
import { type TokenUsage } from '../../src/exchange/facts/token-usage.js';
import { UsageEstimator } from '../../src/usage/estimating/usage-estimator.js';
import { chatText, requestText } from '../support/client/http-text.js';
import { backend, configOf } from '../support/gateway/config.js';
import { type Gateway } from '../support/gateway/gateway.js';
import { useScenes } from '../support/gateway/scene.js';
import { deferred } from '../support/time/deferred.js';
import { deltaEvent, DONE, textEvent } from '../support/upstream/chat-events.js';
import { type UpstreamScript } from '../support/upstream/scripted-upstream.js';

const { upstreamOf, gatewayOf, clientOf } = useScenes();

/** No sink, so that what the gateway itself records goes nowhere. */
const ANALYTICS: AnalyticsConfig = {
  ...configOf([]).settings.analytics,
  isEnabled: true,
  tenant: { headers: ['x-team'], names: new Map([['ba7816bf8f01', 'search team']]) },
  prices: [{ model: 'm', input: 2, cachedInput: 1, output: 10 }],
};

const ESTIMATE: TokenUsage = {
  promptTokens: 3,
  completionTokens: 4,
  reasoningTokens: null,
  cachedTokens: null,
};

const USAGE =
  '{"prompt_tokens":1000,"completion_tokens":10,"prompt_tokens_details":{"cached_tokens":200}}';
const ANSWER = `{"choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":${USAGE}}`;
const UNCOUNTED = ANSWER.replace(`,"usage":${USAGE}`, '');
const STREAM_REQUEST = '{"model":"m","stream":true,"messages":[{"role":"user","content":"hi"}]}';

/** Of `sk-sentinel-key`, by sha256sum. */
const FINGERPRINT = '444b88e46a48';

interface Recording {
  readonly gateway: Gateway;
  readonly records: readonly ExchangeRecord[];
  readonly recorder: Recorder;
  readonly faults: readonly unknown[];
}

/** A gateway whose exchanges are recorded here. */
async function recording(
  backends: Parameters<typeof gatewayOf>[0],
  parts: Partial<RecorderParts> = {},
): Promise<Recording> {
  const gateway = await gatewayOf(backends, { analytics: ANALYTICS });
  const config = gateway.app.get(ConfigStore);
  const records: ExchangeRecord[] = [];
  const faults: unknown[] = [];
  const recorder = new Recorder({
    config,
    builder: new RecordBuilder(config, new RecordIds('instance'), new Fingerprints(1)),
    queue: { add: (record) => records.push(record) },
    estimates: estimatesBy(() => Promise.resolve(ESTIMATE)),
    bodiesOf: () => null,
    onFault: (error) => faults.push(error),
    ...parts,
  });
  recorder.listen(gateway.app.get(EventEmitter2));
  return { gateway, records, recorder, faults };
}

/** Estimates that are always to be had. */
function estimatesBy(estimate: TokenEstimates['estimate']): TokenEstimates {
  return { estimate, mayTell: () => true };
}

/** The same before one scripted backend. */
async function recordingOf(script: UpstreamScript, parts?: Partial<RecorderParts>) {
  const upstream = await upstreamOf(script);
  return recording([backend(upstream.url)], parts);
}

/** Sends a request and waits for its reply, the end of its exchange and its record. */
async function ask({ gateway, recorder, records }: Recording, request = chatText()) {
  const client = await clientOf(gateway);
  client.send(request);
  const { status } = await client.reply();
  await gateway.nextFinished();
  await recorder.settled();
  client.close();
  return { status, record: records.at(-1) };
}

describe('a record', () => {
  it('is made when the exchange ends, with what the backend reported', async () => {
    const scene = await recordingOf((turn) => turn.json(ANSWER));
    const client = await clientOf(scene.gateway);
    client.send(chatText());
    await client.reply();
    const exchange = await scene.gateway.nextFinished();
    expect(scene.records).toHaveLength(1);
    expect(scene.records[0]).toMatchObject({
      record_id: 'instance-1',
      id: exchange.id,
      started_at: new Date(exchange.startedAtMs).toISOString(),
      tenant: null,
      key_fingerprint: null,
      method: 'POST',
      path: '/v1/chat/completions',
      endpoint: 'chat',
      requested_model: 'm',
      model: 'm',
      backend: 'local',
      attempts: 1,
      status: 200,
      outcome: 'completed',
      phase: 'streaming',
      stream: false,
      prompt_tokens: 1000,
      completion_tokens: 10,
      cached_tokens: 200,
      usage_source: 'reported',
      cost_usd: 0.0019,
      finish_reason: 'stop',
    });
    expect(scene.records[0]?.attempt_log).toMatchObject([{ backend: 'local', status: 200 }]);
  });

  it('of a request that was rejected names no backend and costs nothing', async () => {
    const scene = await recordingOf((turn) => turn.json(ANSWER));
    const { status, record } = await ask(scene, chatText('{'));
    expect(status).toBe(400);
    expect(record).toMatchObject({
      outcome: 'rejected',
      error_code: 'invalid_json',
      status: 400,
      phase: 'reading',
      backend: null,
      attempts: 0,
      attempt_log: [],
      usage_source: 'none',
      cost_usd: null,
    });
  });

  it('of a client that left before the head tells where', async () => {
    const came = deferred();
    const scene = await recordingOf(async (turn) => {
      await turn.body();
      came.resolve();
      await turn.closed();
    });
    const client = await clientOf(scene.gateway);
    client.send(chatText());
    await came.promise;
    client.reset();
    await scene.gateway.nextFinished();
    expect(scene.records).toMatchObject([
      {
        outcome: 'client_aborted',
        phase: 'awaiting-head',
        status: null,
        usage_source: 'none',
        attempt_log: [{ backend: 'local', status: null, error_code: null }],
      },
    ]);
  });

  it('of a client that left in the middle of a stream has what was estimated until then', async () => {
    const scene = await recordingOf(async (turn) => {
      await turn.beginStream();
      await turn.chunk(textEvent('a'));
      await turn.closed();
    });
    const client = await clientOf(scene.gateway);
    client.send(chatText(STREAM_REQUEST));
    await client.head();
    await client.chunk();
    client.reset();
    await scene.gateway.nextFinished();
    await scene.recorder.settled();
    expect(scene.records).toMatchObject([
      {
        outcome: 'client_aborted',
        phase: 'streaming',
        status: 200,
        stream: true,
        prompt_tokens: 3,
        completion_tokens: 4,
        usage_source: 'estimated',
        attempt_log: [{ backend: 'local', status: 200, error_code: null }],
      },
    ]);
    expect(scene.records[0]?.first_token_ms).toBe(scene.records[0]?.first_answer_ms);
    expect(scene.records[0]?.first_token_ms).toBeGreaterThan(0);
  });

  it('of a stream that told its prompt and no more has its answer counted, and its cost', async () => {
    let estimator: UsageEstimator | null = null;
    const scene = await recordingOf(
      async (turn) => {
        await turn.beginStream();
        const start = { type: 'message_start', message: { usage: { input_tokens: 1000 } } };
        const text = { type: 'content_block_delta', delta: { text: 'one two three' } };
        for (const event of [start, text]) {
          await turn.chunk(`data: ${JSON.stringify(event)}\n\n`);
        }
        await turn.endStream();
      },
      {
        estimates: {
          mayTell: (exchange) => estimator?.mayTell(exchange) ?? false,
          estimate: (exchange) => estimator?.estimate(exchange) ?? Promise.resolve(null),
        },
      },
    );
    estimator = scene.gateway.app.get(UsageEstimator);
    const headers = ['Content-Type: application/json'];
    const { record } = await ask(
      scene,
      requestText('POST /v1/messages', { headers, body: STREAM_REQUEST }),
    );
    expect(record).toMatchObject({
      prompt_tokens: 1000,
      completion_tokens: 3,
      usage_source: 'estimated',
      cost_usd: 0.00203,
    });
  });

  it('of a stream that the backend cut has its error and its estimate', async () => {
    const scene = await recordingOf(async (turn) => {
      await turn.beginStream();
      await turn.chunk(textEvent('a'));
      turn.socket.destroy();
    });
    const { record } = await ask(scene, chatText(STREAM_REQUEST));
    expect(record).toMatchObject({
      outcome: 'upstream_failed',
      error_code: 'upstream_protocol',
      status: 200,
      usage_source: 'estimated',
      attempt_log: [{ backend: 'local', status: 200, error_code: 'upstream_protocol' }],
    });
  });

  it('of a backend that cannot be reached has an attempt and no tokens', async () => {
    const upstream = await upstreamOf((turn) => turn.json(ANSWER));
    await upstream.close();
    const scene = await recording([backend(upstream.url)]);
    const { record } = await ask(scene);
    expect(record).toMatchObject({
      outcome: 'upstream_failed',
      status: 502,
      error_code: 'upstream_unreachable',
      backend: 'local',
      usage_source: 'none',
    });
    expect(record?.attempt_log).toHaveLength(record?.attempts ?? 0);
    expect(record?.attempt_log.at(-1)).toMatchObject({
      status: null,
      error_code: 'upstream_unreachable',
    });
  });

  it('of a repeated request has each attempt with its backend and status', async () => {
    const busy = await upstreamOf((turn) => turn.json('{}', { status: '503 Busy' }));
    const idle = await upstreamOf((turn) => turn.json(ANSWER));
    const scene = await recording([
      backend(busy.url, { name: 'busy', weight: 1000 }),
      backend(idle.url, { name: 'idle', weight: 0.001 }),
    ]);
    const { record } = await ask(scene);
    expect(record).toMatchObject({
      backend: 'idle',
      status: 200,
      attempts: 2,
      attempt_log: [
        { backend: 'busy', status: 503, error_code: null },
        { backend: 'idle', status: 200, error_code: null },
      ],
    });
  });

  it('of an answer that failed is not estimated', async () => {
    const scene = await recordingOf((turn) => turn.json('{}', { status: '418 No' }), {
      estimates: estimatesBy(() => {
        throw new Error('nobody asked');
      }),
    });
    const { record } = await ask(scene);
    expect(record).toMatchObject({ status: 418, outcome: 'completed', usage_source: 'none' });
    expect(scene.faults).toEqual([]);
  });

  it('of another endpoint has the usage that its answer carries', async () => {
    const usage = '{"prompt_tokens":8,"total_tokens":8}';
    const scene = await recordingOf((turn) => turn.json(`{"data":[],"usage":${usage}}`));
    const headers = ['Content-Type: application/json'];
    const body = '{"model":"m","input":"hi"}';
    const { record } = await ask(scene, requestText('POST /v1/embeddings', { headers, body }));
    expect(record).toMatchObject({
      endpoint: 'embeddings',
      prompt_tokens: 8,
      completion_tokens: null,
      usage_source: 'reported',
      cost_usd: 0.000016,
    });
  });

  it('says so where there is no estimate, and when making one failed', async () => {
    const outcomes = [Promise.resolve(null), Promise.reject(new Error('broken'))];
    outcomes[1]?.catch(() => undefined);
    const scene = await recordingOf((turn) => turn.json(UNCOUNTED), {
      estimates: estimatesBy(() => outcomes.shift() ?? Promise.resolve(null)),
    });
    expect((await ask(scene)).record).toMatchObject({ prompt_tokens: null, usage_source: 'none' });
    expect(scene.faults).toEqual([]);
    expect((await ask(scene)).record).toMatchObject({ prompt_tokens: null, usage_source: 'none' });
    expect(scene.faults).toEqual([new Error('broken')]);
  });

  it('waits for its estimate while others go on, and is not forgotten at the end', async () => {
    const estimate = deferred<TokenUsage | null>();
    const bodies = [UNCOUNTED, ANSWER];
    const scene = await recordingOf((turn) => turn.json(bodies.shift() ?? ANSWER), {
      estimates: estimatesBy(() => estimate.promise),
    });
    const client = await clientOf(scene.gateway);
    for (const request of [chatText(), chatText()]) {
      client.send(request);
      await client.reply();
      await scene.gateway.nextFinished();
    }
    expect(scene.records.map(({ usage_source }) => usage_source)).toEqual(['reported']);
    const settled = scene.recorder.settled();
    estimate.resolve(ESTIMATE);
    await settled;
    expect(scene.records.map(({ usage_source }) => usage_source)).toEqual([
      'reported',
      'estimated',
    ]);
  });

  it('is made by the configuration in force at its end', async () => {
    const scene = await recordingOf((turn) => turn.json(ANSWER));
    const config = scene.gateway.app.get(ConfigStore);
    const { current } = config;
    const changed = (analytics: Partial<AnalyticsConfig>) => ({
      ...current,
      settings: { ...current.settings, analytics: { ...ANALYTICS, ...analytics } },
    });
    config.swap(changed({ prices: [{ model: '*', input: 0, cachedInput: null, output: 0 }] }));
    expect((await ask(scene)).record?.cost_usd).toBe(0);
    config.swap(changed({ prices: [] }));
    expect((await ask(scene)).record?.cost_usd).toBeNull();
    config.swap(changed({ isEnabled: false }));
    await ask(scene);
    expect(scene.records).toHaveLength(2);
  });

  it('that cannot be kept harms neither the reply nor what follows', async () => {
    const records: ExchangeRecord[] = [];
    let calls = 0;
    const scene = await recordingOf((turn) => turn.json(ANSWER), {
      queue: {
        add: (record) => {
          if (++calls === 1) throw new Error('no room');
          records.push(record);
        },
      },
    });
    expect((await ask(scene)).status).toBe(200);
    expect((await ask(scene)).status).toBe(200);
    expect(records.map(({ record_id }) => record_id)).toEqual(['instance-2']);
  });
});

describe('who asked', () => {
  const asking = (...headers: string[]) =>
    requestText('POST /v1/chat/completions?key=sk-sentinel-query', {
      headers: ['Content-Type: application/json', ...headers],
      body: '{"model":"m","messages":[{"role":"user","content":"hi"}]}',
    });

  it.each<[string, string[], string | null, string | null]>([
    ['by name where the key has one', ['Authorization: Bearer abc'], 'search team', 'ba7816bf8f01'],
    ['by a header before the key', ['Authorization: Bearer abc', 'X-Team: a'], 'a', 'ba7816bf8f01'],
    ['by fingerprint else', ['api-key: sk-sentinel-key'], FINGERPRINT, FINGERPRINT],
    ['by nothing where there is none', [], null, null],
  ])('is told %s', async (_how, headers, tenant, fingerprint) => {
    const scene = await recordingOf((turn) => turn.json(ANSWER));
    const { record } = await ask(scene, asking(...headers));
    expect(record).toMatchObject({ tenant, key_fingerprint: fingerprint });
  });

  it('leaves no key in a record', async () => {
    const scene = await recordingOf((turn) => turn.json(ANSWER));
    await ask(scene, asking('Authorization: Bearer sk-sentinel-1'));
    await ask(scene, asking('api-key: sk-sentinel-2', 'traceparent: sk-sentinel-3'));
    await ask(scene, asking('x-api-key: sk-sentinel-4', 'Cookie: sk-sentinel-5'));
    await ask(scene, asking('Authorization: Basic sk-sentinel-6', 'Host: again'));
    expect(scene.records).toHaveLength(4);
    expect(JSON.stringify(scene.records)).not.toContain('sentinel');
  });
});

describe('exchange.first_token', () => {
  async function heard(script: UpstreamScript, request = chatText()) {
    const scene = await recordingOf(script);
    const facts: string[] = [];
    const events = scene.gateway.app.get(EventEmitter2);
    const note = (name: string) => (exchange: Exchange) => {
      facts.push(
        `${name} ${exchange.facts.firstAnswerMs === null ? 'before' : 'after'} the answer`,
      );
    };
    for (const name of ['exchange.started', 'exchange.first_token', 'exchange.finished'] as const) {
      onExchange(events, name, note(name));
    }
    await ask(scene, request);
    return facts;
  }

  it('is announced once, when the first text of a stream came', async () => {
    const facts = await heard(async (turn) => {
      await turn.beginStream();
      for (const text of ['a', 'b', 'c']) await turn.chunk(textEvent(text));
      await turn.chunk(DONE);
      await turn.endStream();
    }, chatText(STREAM_REQUEST));
    expect(facts).toEqual([
      'exchange.started before the answer',
      'exchange.first_token after the answer',
      'exchange.finished after the answer',
    ]);
  });

  it('is announced of reasoning that comes before an answer', async () => {
    const facts = await heard(async (turn) => {
      await turn.beginStream();
      await turn.chunk(deltaEvent({ reasoning_content: 'r' }));
      await turn.chunk(textEvent('a'));
      await turn.endStream();
    }, chatText(STREAM_REQUEST));
    expect(facts).toEqual([
      'exchange.started before the answer',
      'exchange.first_token before the answer',
      'exchange.finished after the answer',
    ]);
  });

  it('is not announced where nothing was said', async () => {
    expect(await heard((turn) => turn.json(ANSWER), chatText('{'))).toEqual([
      'exchange.started before the answer',
      'exchange.finished before the answer',
    ]);
  });
});
