import { afterAll } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeAnalyticsApi } from '../support/analytics/analytics-api-suite.js';
import { writtenConfig } from '../support/gateway/config.js';
import { type Gateway, startGateway } from '../support/gateway/gateway.js';

const folders: string[] = [];

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

async function start(): Promise<Gateway> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-'));
  folders.push(folder);
  return startGateway(
    writtenConfig({
      primary_backends: [{ name: 'local', url: 'http://127.0.0.1:1/v1' }],
      settings: {
        analytics: {
          sinks: [{ use: 'duckdb', path: join(folder, 'analytics.duckdb') }],
          spool: { path: join(folder, 'spool') },
        },
      },
    }),
  );
}

describeAnalyticsApi('the read API on DuckDB', start);
