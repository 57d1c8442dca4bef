import { afterAll, beforeAll } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeAnalyticsApi } from '../support/analytics/analytics-api-suite.js';
import { type PostgresServer, startPostgres } from '../support/analytics/postgres.js';
import { writtenConfig } from '../support/gateway/config.js';
import { type Gateway, startGateway } from '../support/gateway/gateway.js';

let server: PostgresServer;
let folder: string;

beforeAll(async () => {
  server = await startPostgres();
  folder = await mkdtemp(join(tmpdir(), 'sluice-'));
});
afterAll(async () => {
  await server.dispose();
  await rm(folder, { recursive: true });
});

async function start(): Promise<Gateway> {
  return startGateway(
    writtenConfig({
      primary_backends: [{ name: 'local', url: 'http://127.0.0.1:1/v1' }],
      settings: {
        analytics: {
          sinks: [{ use: 'postgres', url: await server.emptyDatabase() }],
          spool: { path: join(folder, 'spool') },
        },
      },
    }),
  );
}

describeAnalyticsApi('the read API on PostgreSQL', start);
