import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RecordQueue } from '../../src/analytics/delivery/record-queue.js';
import { useAnalyticsFolder } from '../support/analytics/analytics-folder.js';
import { attributesOf, OtlpCollector } from '../support/analytics/otlp-collector.js';
import { requestText } from '../support/client/http-text.js';
import { writtenConfig } from '../support/gateway/config.js';
import { type Gateway } from '../support/gateway/gateway.js';
import { useScenes } from '../support/gateway/scene.js';
import { eventually } from '../support/time/eventually.js';
import { PROBE_PATH, type ScriptedUpstream } from '../support/upstream/scripted-upstream.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const CLIENTS = `00-${TRACE}-${PARENT}-01`;

describe('a trace', () => {
  const folder = useAnalyticsFolder();
  const { upstreamOf, gatewayWith, clientOf } = useScenes();
  let collector: OtlpCollector;

  beforeEach(async () => {
    collector = await OtlpCollector.start();
  });
  afterEach(() => collector.stop());

  async function gatewayBefore(upstream: ScriptedUpstream, ...sinks: object[]): Promise<Gateway> {
    return gatewayWith(
      writtenConfig({
        primary_backends: [
          { name: 'local', url: upstream.url, health: { path: PROBE_PATH, interval: 600 } },
        ],
        settings: { analytics: folder.settings(...sinks) },
      }),
    );
  }

  const answering = (): Promise<ScriptedUpstream> =>
    upstreamOf((turn) => turn.json('{"choices":[]}'));
  const otlp = (): object => ({ use: 'otlp', url: collector.url });

  async function ask(gateway: Gateway, id: string, ...headers: readonly string[]): Promise<void> {
    const finished = gateway.nextFinished();
    const client = await clientOf(gateway);
    const body = '{"model":"m","messages":[{"role":"user","content":"hi"}]}';
    const fields = ['Content-Type: application/json', `x-request-id: ${id}`, ...headers];
    client.send(requestText('POST /v1/chat/completions', { headers: fields, body }));
    expect((await client.reply()).status).toBe(200);
    await finished;
  }

  /** The span of that exchange, once it was exported. */
  async function spanOf(gateway: Gateway, id: string) {
    gateway.app.get(RecordQueue, { strict: false }).flush();
    const found = await eventually(
      async () => {
        await (await fetch(`${gateway.url}/health/live`)).text();
        return collector.spans().find((span) => attributesOf(span)['sluice.request_id'] === id);
      },
      (span) => span !== undefined,
    );
    if (found === undefined) throw new Error('no span');
    return found;
  }

  it('of a client goes on: its span stands above that of the gateway, and that above the backend’s', async () => {
    const upstream = await answering();
    const gateway = await gatewayBefore(upstream, otlp());
    await ask(gateway, 'continued', `traceparent: ${CLIENTS}`, 'tracestate: vendor=1');
    const span = await spanOf(gateway, 'continued');
    expect(span).toMatchObject({ name: 'chat m', traceId: TRACE, parentSpanId: PARENT });
    expect(span.spanId).not.toBe(PARENT);
    const [request] = upstream.requests;
    expect(request?.header('traceparent')).toBe(`00-${TRACE}-${span.spanId}-01`);
    expect(request?.header('tracestate')).toBe('vendor=1');
    expect(request?.headerLines.filter((line) => /^traceparent:/i.test(line))).toHaveLength(1);
  });

  it.each([
    ['that brings none', []],
    ['whose own is none', ['traceparent: sk-sentinel']],
    ['whose own is all zeros', [`traceparent: 00-${'0'.repeat(32)}-${PARENT}-01`]],
  ])('begins with the request of a client %s', async (_whose, headers) => {
    const upstream = await answering();
    const gateway = await gatewayBefore(upstream, otlp());
    await ask(gateway, 'begun', ...headers, 'tracestate: vendor=1');
    const span = await spanOf(gateway, 'begun');
    expect(span.parentSpanId ?? '').toBe('');
    expect(span.traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
    const [request] = upstream.requests;
    expect(request?.header('traceparent')).toBe(`00-${span.traceId}-${span.spanId}-01`);
    expect(request?.header('tracestate')).toBeNull();
  });

  it('that a client does not want kept says so to the backend, and is not exported', async () => {
    const upstream = await answering();
    const gateway = await gatewayBefore(upstream, otlp());
    await ask(gateway, 'unwanted', `traceparent: 00-${TRACE}-${PARENT}-00`);
    await ask(gateway, 'wanted', `traceparent: ${CLIENTS}`);
    await spanOf(gateway, 'wanted');
    expect(collector.spans()).toHaveLength(1);
    expect(upstream.requests[0]?.header('traceparent')).toMatch(
      new RegExp(`^00-${TRACE}-(?!${PARENT})[0-9a-f]{16}-00$`),
    );
  });

  it('has one span for an exchange of several attempts', async () => {
    let attempts = 0;
    const upstream = await upstreamOf((turn) =>
      attempts++ === 0
        ? turn.json('{}', { status: '503 Service Unavailable' })
        : turn.json('{"choices":[]}'),
    );
    const url = upstream.url;
    const health = { path: PROBE_PATH, interval: 600 };
    const gateway = await gatewayWith(
      writtenConfig({
        primary_backends: [{ name: 'one', url, health }],
        fallback_backends: [{ name: 'two', url, health }],
        settings: { analytics: folder.settings(otlp()) },
      }),
    );
    await ask(gateway, 'repeated', `traceparent: ${CLIENTS}`);
    const { spanId } = await spanOf(gateway, 'repeated');
    expect(upstream.requests.map((request) => request.header('traceparent'))).toEqual([
      `00-${TRACE}-${spanId}-01`,
      `00-${TRACE}-${spanId}-01`,
    ]);
    expect(collector.spans()).toHaveLength(1);
  });

  it.each([
    ['as the client sent it', [`traceparent: ${CLIENTS}`], CLIENTS],
    ['though it is none', ['traceparent: odd'], 'odd'],
    ['not at all where there was none', [], null],
  ])('reaches the backend %s where nothing is exported', async (_how, headers, passed) => {
    const upstream = await answering();
    const gateway = await gatewayBefore(upstream, { use: 'file', path: folder.path('log.jsonl') });
    await ask(gateway, 'passed', ...headers);
    expect(upstream.requests[0]?.header('traceparent')).toBe(passed);
  });
});
