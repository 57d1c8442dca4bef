import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { RecordQueue } from '../../src/analytics/delivery/record-queue.js';
import { useAnalyticsFolder } from '../support/analytics/analytics-folder.js';
import { chatText } from '../support/client/http-text.js';
import { RawClient } from '../support/client/raw-client.js';
import { writtenConfig } from '../support/gateway/config.js';
import { type Gateway, startGateway } from '../support/gateway/gateway.js';
import { eventually } from '../support/time/eventually.js';
import {
  PROBE_PATH,
  type ScriptedUpstream,
  startUpstream,
} from '../support/upstream/scripted-upstream.js';

const ANSWER =
  '{"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1}}';
const KEY = 'sk-sentinel-0123456789';

describe('the records of exchanges', () => {
  const folder = useAnalyticsFolder();
  let upstream: ScriptedUpstream;
  let gateway: Gateway;
  let client: RawClient;

  beforeEach(async () => {
    Logger.overrideLogger(false);
    upstream = await startUpstream((turn) => turn.json(ANSWER));
  });

  afterEach(async () => {
    client.close();
    await gateway.close();
    await upstream.close();
  });

  it('are written to a file', async () => {
    await start({ use: 'file', path: folder.path('log.jsonl') });
    await ask();
    deliver();
    const [record] = await eventually(written, ({ length }) => length > 0);
    expect(record).toMatchObject({
      endpoint: 'chat',
      backend: 'local',
      status: 200,
      outcome: 'completed',
      prompt_tokens: 3,
      completion_tokens: 1,
      usage_source: 'reported',
    });
    expect(await scrape()).toEqual(
      expect.arrayContaining([
        'sluice_analytics_written_total{sink="file"} 1',
        'sluice_analytics_sink_up{sink="file"} 1',
        'sluice_analytics_queue{sink="file"} 0',
        'sluice_analytics_lag_seconds{sink="file"} 0',
        'sluice_analytics_spool_bytes{sink="file"} 0',
        'sluice_analytics_dropped_total{sink="file",cause="overflow"} 0',
      ]),
    );
    expect(await health()).toMatchObject({ analytics: { status: 'ok', lag_seconds: 0 } });
  });

  it('are all there when the gateway has closed', async () => {
    await start({ use: 'file', path: folder.path('log.jsonl') });
    for (let count = 0; count < 25; count++) await ask();
    await gateway.close();
    const records = await written();
    expect(new Set(records.map(({ record_id }) => record_id)).size).toBe(25);
    expect(records).toHaveLength(25);
  });

  it('wait on disk while the sink is down, which no client and no probe notices', async () => {
    // A file where the folder of the log should be.
    await writeFile(folder.path('logs'), '');
    await start({ use: 'file', path: folder.path('logs/log.jsonl') });
    for (let count = 0; count < 3; count++) await ask();
    deliver();
    const report = await eventually(health, ({ analytics }) => sinkIn(analytics).spool_bytes > 0);
    expect(report).toMatchObject({ httpStatus: 200, analytics: { status: 'degraded' } });
    expect(sinkIn(report.analytics)).toMatchObject({ status: 'down', dropped: 0 });
    expect(sinkIn(report.analytics).last_error).toMatch(/^E/);
    expect(await scrape()).toContain('sluice_analytics_sink_up{sink="file"} 0');

    await rm(folder.path('logs'));
    // Where the sink has not made it by now.
    await mkdir(folder.path('logs'), { recursive: true });
    const records = await eventually(
      () => folder.lines('logs/log.jsonl'),
      ({ length }) => length === 3,
    );
    expect(new Set(records.map(({ record_id }) => record_id)).size).toBe(3);
    await eventually(health, ({ analytics }) => analytics.status === 'ok');
  });

  it('wait on disk while the disk of the sink is full', async () => {
    await start({ use: 'file', path: '/dev/full' });
    await ask();
    deliver();
    const report = await eventually(health, ({ analytics }) => sinkIn(analytics).spool_bytes > 0);
    expect(sinkIn(report.analytics)).toMatchObject({ status: 'down', queued: 1, dropped: 0 });
    expect((await ask()).status).toBe(200);
  });

  it('go to a sink of the user’s own, which sees no key', async () => {
    await writeFile(
      folder.path('mine.mjs'),
      `import { appendFileSync } from 'node:fs';
       export default ({ file }) => {
         const note = (what, value) => appendFileSync(file, JSON.stringify({ what, value }) + '\\n');
         return {
           onStarted: (started) => note('started', started),
           onChunk: (id, bytes) => note('chunk', new TextDecoder().decode(bytes)),
           write: (records) => note('written', records),
           close: () => note('closed', null),
         };
       }`,
    );
    await start({ use: folder.path('mine.mjs'), options: { file: folder.path('seen.jsonl') } });
    await ask();
    await gateway.close();
    const seen = await folder.lines('seen.jsonl');
    expect(seen.map(({ what }) => what)).toEqual(['started', 'chunk', 'written', 'closed']);
    expect(seen[0]?.value).toEqual({
      id: expect.any(String),
      startedAtMs: expect.any(Number),
      method: 'POST',
      path: '/v1/chat/completions',
      headers: expect.objectContaining({ 'content-type': 'application/json' }),
    });
    expect(seen[1]?.value).toBe(ANSWER);
    expect(JSON.stringify(seen)).not.toContain(KEY);
  });

  it('change nothing for an exchange when an analyzer throws', async () => {
    await writeFile(
      folder.path('bad.mjs'),
      `const fail = () => { throw new Error('no'); };
       export default () => ({ onStarted: fail, onChunk: fail, onFinished: fail, write: fail, close: fail });`,
    );
    await start({ use: folder.path('bad.mjs') });
    expect((await ask()).body).toBe(ANSWER);
    deliver();
    await eventually(health, ({ analytics }) => analytics.status === 'degraded');
    expect((await ask()).body).toBe(ANSWER);
  });

  async function start(...sinks: readonly object[]): Promise<void> {
    const health = { path: PROBE_PATH };
    const reasoning = { input: 'none', output: 'keep' };
    gateway = await startGateway(
      writtenConfig({
        primary_backends: [{ name: 'local', url: upstream.url, health, reasoning }],
        settings: { analytics: folder.settings(...sinks) },
      }),
    );
    client = await RawClient.connect(gateway.url);
  }

  async function ask(): ReturnType<RawClient['reply']> {
    const finished = gateway.nextFinished();
    client.send(chatText().replace('Host:', `Authorization: Bearer ${KEY}\r\nHost:`));
    const reply = await client.reply();
    await finished;
    return reply;
  }

  /** What happens by itself once a second. */
  function deliver(): void {
    gateway.app.get(RecordQueue, { strict: false }).flush();
  }

  function written(): Promise<Record<string, unknown>[]> {
    return folder.lines('log.jsonl');
  }

  async function scrape(): Promise<string[]> {
    const reply = await fetch(`${gateway.url}/metrics`);
    return (await reply.text()).split('\n');
  }

  async function health(): Promise<{ httpStatus: number; analytics: AnalyticsSeen }> {
    const reply = await fetch(`${gateway.url}/health`);
    const { analytics } = (await reply.json()) as { analytics: AnalyticsSeen };
    return { httpStatus: reply.status, analytics };
  }
});

interface SinkSeen {
  readonly spool_bytes: number;
  readonly last_error: string | null;
}

interface AnalyticsSeen {
  readonly status: string;
  readonly sinks: Record<string, SinkSeen>;
}

function sinkIn({ sinks }: AnalyticsSeen): SinkSeen {
  const [first] = Object.values(sinks);
  if (first === undefined) throw new Error('no sink is shown');
  return first;
}
