import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDuckDbSink } from '../../src/analytics/sinks/duckdb/duckdb-sink.js';
import { recordBatch, recordWith } from '../support/analytics/exchange-records.js';
import { requestText } from '../support/client/http-text.js';
import { writtenConfig } from '../support/gateway/config.js';
import { useScenes } from '../support/gateway/scene.js';
import { eventually } from '../support/time/eventually.js';

/** Some 40 MB of JSON lines: more than sockets hold. */
const RECORDS = 20_000;
const LONG_PATH = `/${'x'.repeat(1_024)}`;

const EXPORT = requestText('GET /analytics/exchanges.jsonl');

const { gatewayWith, clientOf } = useScenes();

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('lets go of an export whose client has left, and holds two at most', async () => {
  const path = join(folder, 'analytics.duckdb');
  await writeRecords(path);
  const gateway = await gatewayWith(
    writtenConfig({
      primary_backends: [{ name: 'local', url: 'http://127.0.0.1:1/v1' }],
      settings: {
        analytics: { sinks: [{ use: 'duckdb', path }], spool: { path: join(folder, 'spool') } },
      },
    }),
  );
  const ask = (target: string): Promise<Response> => fetch(`${gateway.url}/analytics/${target}`);
  await eventually(
    () => ask('summary'),
    ({ status }) => status === 200,
  );

  const stalled = [await clientOf(gateway), await clientOf(gateway)];
  for (const client of stalled) {
    client.send(EXPORT);
    expect((await client.head()).status).toBe(200);
    client.socket.pause();
  }
  const third = await ask('exchanges.jsonl');
  expect([third.status, third.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await third.text()).toContain('"code":"overloaded"');

  stalled[0]?.reset();
  const fourth = await eventually(
    () => ask('exchanges.jsonl?id=req-1'),
    ({ status }) => status === 200,
  );
  const lines = (await fourth.text()).split('\n');
  expect(lines).toHaveLength(RECORDS + 1);
});

async function writeRecords(path: string): Promise<void> {
  const records = Array.from({ length: RECORDS }, () => recordWith({ path: LONG_PATH }));
  const sink = createDuckDbSink({ path }, 'duckdb');
  await sink.open();
  await sink.write(recordBatch(records));
  await sink.close();
}
