import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RawClient } from '../support/client/raw-client.js';
import { backend, configOf } from '../support/gateway/config.js';
import { type Gateway, startGateway } from '../support/gateway/gateway.js';
import { deferred, type Deferred } from '../support/time/deferred.js';
import { eventually } from '../support/time/eventually.js';
import { type ScriptedUpstream, startUpstream } from '../support/upstream/scripted-upstream.js';

const HELLO = 'GET /v1/files HTTP/1.1\r\nHost: gateway\r\n\r\n';

describe('metrics', () => {
  let upstream: ScriptedUpstream;
  let gateway: Gateway;
  let client: RawClient;
  let asked: Deferred;
  let release: Deferred;

  beforeEach(async () => {
    asked = deferred();
    release = deferred();
    upstream = await startUpstream(async (turn) => {
      asked.resolve();
      await release.promise;
      await turn.json('{"ok":true}');
    });
    gateway = await startGateway(configOf([backend(upstream.url)]));
    client = await RawClient.connect(gateway.url);
  });

  afterEach(async () => {
    client.close();
    await gateway.close();
    await upstream.close();
  });

  it('are offered in the text format of Prometheus', async () => {
    const reply = await fetch(`${gateway.url}/metrics`);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await reply.text()).toMatch(/^sluice_nodejs_eventloop_lag_p99_seconds /m);
  });

  it('count an exchange once it has ended', async () => {
    release.resolve();
    const finished = gateway.nextFinished();
    client.send('POST /v1/embeddings HTTP/1.1\r\nHost: gateway\r\nContent-Length: 4\r\n\r\n{"a"');
    await client.reply();
    await finished;
    const lines = await scrape();
    expect(lines).toContain(
      'sluice_requests_total{backend="local",endpoint="embeddings",status="200",outcome="completed"} 1',
    );
    const route = '{backend="local",endpoint="embeddings"}';
    expect(lines).toContain(`sluice_request_duration_seconds_count${route} 1`);
    expect(lines).toContain(`sluice_headers_seconds_count${route} 1`);
    expect(lines).toContain(`sluice_first_byte_seconds_count${route} 1`);
    expect(lines).toContain(`sluice_request_bytes_total${route} 4`);
    expect(lines).toContain(`sluice_reply_bytes_total${route} 11`);
    expect(lines).toContain('sluice_in_flight 0');
  });

  it('show what is running', async () => {
    client.send(HELLO);
    await asked.promise;
    expect(await scrape()).toContain('sluice_in_flight 1');
  });

  it('count a client that left, which is no failure of the backend', async () => {
    client.send(HELLO);
    await asked.promise;
    const finished = gateway.nextFinished();
    client.close();
    await finished;
    const lines = await scrape();
    expect(lines).toContain('sluice_client_aborts_total{phase="before_reply"} 1');
    expect(lines).toContain(
      'sluice_requests_total{backend="local",endpoint="files",status="none",outcome="client_aborted"} 1',
    );
  });

  it('tell whether a backend is up', async () => {
    await eventually(scrape, (lines) => lines.includes('sluice_backend_up{backend="local"} 1'));
  });

  it('do not count the questions for them', async () => {
    await scrape();
    const lines = await scrape();
    expect(lines.filter((line) => line.startsWith('sluice_requests_total{'))).toEqual([]);
  });

  it('do not count what is asked of the gateway itself and refused', async () => {
    const finished = gateway.nextFinished();
    expect((await fetch(`${gateway.url}/analytics/nothing`)).status).toBe(404);
    await finished;
    const counted = /^sluice_(?:requests_total|request_duration_seconds_count|tokens_total)\{/;
    expect((await scrape()).filter((line) => counted.test(line))).toEqual([]);
  });

  async function scrape(): Promise<string[]> {
    const reply = await fetch(`${gateway.url}/metrics`);
    return (await reply.text()).split('\n');
  }
});
