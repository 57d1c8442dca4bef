import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { appendFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { useAnalyticsFolder } from '../support/analytics/analytics-folder.js';
import { chatText, requestText } from '../support/client/http-text.js';
import { RawClient } from '../support/client/raw-client.js';
import { type ChildGateway, startChild } from '../support/gateway/child-gateway.js';
import { eventually } from '../support/time/eventually.js';
import {
  PROBE_PATH,
  type ScriptedUpstream,
  startUpstream,
} from '../support/upstream/scripted-upstream.js';

// Each test starts processes of its own.
jest.setTimeout(60_000);

describe('analytics', () => {
  const folder = useAnalyticsFolder();
  let upstream: ScriptedUpstream;
  let children: ChildGateway[];

  beforeEach(async () => {
    children = [];
    upstream = await startUpstream(async (turn) => {
      if (!turn.request.target.endsWith('/streams')) await turn.json('{"choices":[]}');
      else {
        await turn.beginStream();
        await turn.closed();
      }
    });
  });

  afterEach(async () => {
    for (const child of children) await child.dispose();
    await upstream.close();
  });

  it('are flushed when the process is asked to end', async () => {
    const child = await start({ use: 'file', path: folder.path('log.jsonl') });
    await ask(child, 20);
    child.signal('SIGTERM');
    expect(await child.ended).toEqual({ code: 0, signal: null });
    expect(await ids('log.jsonl')).toHaveLength(20);
  });

  it('are flushed of exchanges that are cut when the process has to end', async () => {
    const child = await start({ use: 'file', path: folder.path('log.jsonl') }, 0.1);
    const clients = await Promise.all(
      Array.from({ length: 20 }, () => RawClient.connect(child.url)),
    );
    for (const client of clients) {
      client.send(requestText('GET /v1/streams'));
      await client.head();
    }
    child.signal('SIGTERM');
    expect(await child.ended).toEqual({ code: 0, signal: null });
    expect(await ids('log.jsonl')).toHaveLength(20);
    for (const client of clients) client.close();
  });

  it('are put on disk when the process is asked to end and the sink is down', async () => {
    await writeFile(folder.path('logs'), '');
    const child = await start({ use: 'file', path: folder.path('logs/log.jsonl') });
    await ask(child, 20);
    child.signal('SIGTERM');
    expect(await child.ended).toEqual({ code: 0, signal: null });

    await rm(folder.path('logs'));
    await start({ use: 'file', path: folder.path('logs/log.jsonl') });
    const found = await eventually(
      () => ids('logs/log.jsonl'),
      ({ length }) => length > 0,
    );
    expect(new Set(found).size).toBe(20);
    expect(found).toHaveLength(20);
  });

  it('lose nothing that was a second old when the process is killed', async () => {
    const child = await start({ use: 'file', path: folder.path('log.jsonl') });
    await ask(child, 20);
    await eventually(
      () => ids('log.jsonl'),
      ({ length }) => length === 20,
    );
    await ask(child, 20);
    child.signal('SIGKILL');
    await child.ended;

    const next = await start({ use: 'file', path: folder.path('log.jsonl') });
    await ask(next, 1);
    const count = (found: readonly string[]): number => new Set(found).size;
    const found = await eventually(
      () => ids('log.jsonl'),
      (now) => count(now) > 20,
    );
    expect(count(found)).toBe(found.length);
  });

  it('read what a killed process had on disk, but for the line it was writing', async () => {
    await writeFile(folder.path('logs'), '');
    const child = await start({ use: 'file', path: folder.path('logs/log.jsonl') });
    await ask(child, 20);
    const [segment] = await eventually(segments, ({ length }) => length > 0);
    child.signal('SIGKILL');
    await child.ended;
    await appendFile(folder.path(`spool/${segment ?? ''}`), '{"record_id":"torn');

    await rm(folder.path('logs'));
    const next = await start({ use: 'file', path: folder.path('logs/log.jsonl') });
    const found = await eventually(
      () => ids('logs/log.jsonl'),
      ({ length }) => length > 0,
    );
    expect(new Set(found).size).toBe(found.length);
    await eventually(segments, ({ length }) => length === 0);
    const metrics = await (await fetch(`${next.url}/metrics`)).text();
    expect(metrics).toContain('sluice_analytics_dropped_total{sink="file",cause="disk"} 1\n');
  });

  it('end the start with a sentence when a file of the user’s own is broken', async () => {
    const path = folder.path('broken.mjs');
    await writeFile(path, 'export default 1');
    await expect(start({ use: path })).rejects.toThrow(
      `${path}: its default export must be a function or a class that makes an analyzer`,
    );
  });

  it('share a spool with another gateway, and each keeps to its own', async () => {
    await writeFile(folder.path('logs'), '');
    const sinks = ['one', 'two'].map((name) => ({
      use: 'file',
      path: folder.path(`logs/${name}.jsonl`),
    }));
    const gateways = await Promise.all(sinks.map((sink) => start(sink)));
    for (const gateway of gateways) await ask(gateway, 10);
    await eventually(segments, ({ length }) => length >= 2);
    await rm(folder.path('logs'));
    await mkdir(folder.path('logs'));
    for (const name of ['one', 'two']) {
      const found = await eventually(
        () => ids(`logs/${name}.jsonl`),
        ({ length }) => length >= 10,
      );
      expect(new Set(found).size).toBe(10);
      expect(found).toHaveLength(10);
    }
  });

  async function start(sink: object, drainSeconds = 5): Promise<ChildGateway> {
    const child = await startChild({
      config: {
        primary_backends: [
          { name: 'local', url: upstream.url, health: { path: PROBE_PATH, interval: 600 } },
        ],
        settings: {
          listen: '127.0.0.1:0',
          drain: { delay: 0, deadline: drainSeconds },
          analytics: folder.settings(sink),
        },
      },
    });
    children.push(child);
    return child;
  }

  async function ask({ url }: ChildGateway, times: number): Promise<void> {
    const client = await RawClient.connect(url);
    for (let count = 0; count < times; count++) {
      client.send(chatText());
      expect((await client.reply()).status).toBe(200);
    }
    client.close();
  }

  async function ids(name: string): Promise<string[]> {
    return (await folder.lines(name)).map(({ record_id: id }) => String(id));
  }

  async function segments(): Promise<string[]> {
    const files = await readdir(folder.path('spool'), { recursive: true }).catch(() => []);
    return files.filter((file) => file.endsWith('.jsonl'));
  }
});
