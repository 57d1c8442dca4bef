import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ExchangeRecord } from '../../src/analytics/record/exchange-record.js';
import { type Exchange } from '../../src/exchange/exchange.js';
import { startPostgres, type PostgresServer } from '../support/analytics/postgres.js';
import { RawClient } from '../support/client/raw-client.js';
import { writtenConfig } from '../support/gateway/config.js';
import { useScenes } from '../support/gateway/scene.js';
import { eventually } from '../support/time/eventually.js';
import { PROBE_PATH } from '../support/upstream/scripted-upstream.js';
import { EXCHANGE_CASES, HOLDER, NO_STREAM_OPTIONS } from './exchange-cases.js';
import { expectedRecord, type RunningCase, runningCase } from './running-case.js';

/**
 * Of each case. Those whose tokens are estimated must not be more than wait for the tokenizer at
 * most, all together.
 */
const RUNS_OF_EACH = 14;
const AT_ONCE = 12;

const { upstreamOf, gatewayWith } = useScenes();

let folder: string;
let postgres: PostgresServer;
let mute: { readonly port: number; readonly close: () => Promise<void> };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-agreement-'));
  postgres = await startPostgres();
  mute = await startMute();
}, 60_000);

afterAll(async () => {
  await mute.close();
  await postgres.dispose();
  await rm(folder, { recursive: true, force: true });
});

const STORES: readonly [string, () => Promise<object>][] = [
  ['DuckDB', () => Promise.resolve({ use: 'duckdb', path: join(folder, 'agreement.duckdb') })],
  ['PostgreSQL', async () => ({ use: 'postgres', url: await postgres.emptyDatabase() })],
];

describe.each(STORES)('the records in %s', (_store, sink) => {
  it('agree with what clients and backends counted', async () => {
    const holder = runningCase('holder', HOLDER, 0);
    const planned = EXCHANGE_CASES.flatMap((each) => Array<typeof each>(RUNS_OF_EACH).fill(each));
    const others = planned.map((each, at) => runningCase(`case-${at}`, each, at));
    const byId = new Map([holder, ...others].map((one) => [one.id, one]));
    const upstream = await upstreamOf(async (turn) => {
      const running = byId.get(turn.request.header('x-request-id') ?? '');
      if (running === undefined) throw new Error('a request of no case');
      running.asked.push(turn.request.header('x-backend') ?? '');
      running.reached.resolve();
      await running.exchangeCase.serve(turn, running.tokens, running.barriers);
    });
    const gateway = await gatewayWith(configWith(upstream.url, await sink()));
    gateway.app.get(EventEmitter2).on('exchange.started', (exchange: Exchange) => {
      const running = byId.get(exchange.id);
      if (running === undefined) throw new Error('an exchange of no case');
      running.knownAtMs = Date.now();
      running.started.resolve(exchange);
    });

    const held = run(gateway.url, holder);
    await holder.barriers.reached;
    await runAll(gateway.url, others);
    holder.barriers.noteClientSaw();
    await held;

    const records = await eventually(
      () => recordsOf(gateway.url),
      (all) => all.length >= byId.size,
    );
    expect(records).toHaveLength(byId.size);
    for (const record of records) {
      const running = byId.get(record.id);
      if (running === undefined) throw new Error(`a record of no case: ${record.id}`);
      const { name } = running.exchangeCase;
      expect({ name, ...record }).toEqual({ name, ...expectedRecord(running, record) });
    }
    // Once a backend has refused to be asked for usage, only those that were under way ask again.
    const repeated = others.filter(
      ({ exchangeCase, asked }) => exchangeCase.name === NO_STREAM_OPTIONS && asked.length > 1,
    );
    expect(repeated.length).toBeGreaterThan(0);
    expect(repeated.length).toBeLessThanOrEqual(AT_ONCE);
    expect(new Set(records.map(({ record_id }) => record_id)).size).toBe(byId.size);
    expect(JSON.stringify(records)).not.toContain('sk-sentinel');
    expect(await got(`${gateway.url}/analytics/summary`)).toMatchObject({ requests: byId.size });
  }, 120_000);
});

function configWith(url: string, sink: object): ReturnType<typeof writtenConfig> {
  const usual = { url: `${url}/v1`, health: { path: PROBE_PATH, interval: 600 } };
  const backend = (name: string, choice: object = {}): object => ({
    ...{ ...usual, name, models: [name], headers: { 'x-backend': name } },
    ...choice,
  });
  return writtenConfig({
    primary_backends: [
      backend('one', { models: ['m', 'priced-1'] }),
      backend('busy', { models: ['busy-first'] }),
      backend('strict'),
      backend('narrow', { max_in_flight: 1 }),
      backend('mute', { url: `https://127.0.0.1:${mute.port}/v1`, timeout: { connect: 0 } }),
      backend('refusing', { url: 'http://127.0.0.1:1/v1' }),
      backend('resetting'),
      backend('silent', { timeout: { headers: 0.05 } }),
    ],
    fallback_backends: [backend('idle', { models: ['busy-first'] })],
    settings: {
      reasoning: { output: 'keep' },
      // Failures are what this is about: none is to spare a backend the next one.
      retries: { attempts: 2, budget: 1 },
      limits: { body_bytes: 65_536, request_seconds: 1 },
      queue: { max: 100, timeout: 600 },
      analytics: {
        sinks: [sink],
        spool: { path: join(folder, 'spool') },
        tenant: { headers: ['OpenAI-Project'], names: { cd3350777e46: 'the usual client' } },
        prices: {
          '*1': { input: 99, output: 99 },
          'priced-*': { input: 2, cached_input: 1, output: 10 },
        },
      },
    },
  });
}

/** All of them, a few at a time. */
async function runAll(url: string, cases: readonly RunningCase[]): Promise<void> {
  const waiting = [...cases];
  async function runNext(): Promise<void> {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      await run(url, next);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, runNext));
}

async function run(url: string, running: RunningCase): Promise<void> {
  const client = await RawClient.connect(url);
  running.sentAtMs = Date.now();
  client.send(running.request);
  running.seen = await running.exchangeCase.receive(client, running.barriers);
  client.close();
}

/** A server that accepts connections and says nothing, so that no TLS handshake ends. */
async function startMute(): Promise<typeof mute> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.resume();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function recordsOf(url: string): Promise<ExchangeRecord[]> {
  const records: ExchangeRecord[] = [];
  let cursor: string | null = null;
  do {
    const next: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await got(`${url}/analytics/exchanges?limit=100${next}`);
    const { data, next_cursor } = page as { data: ExchangeRecord[]; next_cursor: string | null };
    records.push(...data);
    cursor = next_cursor;
  } while (cursor !== null);
  return records;
}

async function got(address: string): Promise<unknown> {
  const response = await fetch(address);
  expect(response.status).toBe(200);
  return response.json();
}
