import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ExchangeRecord } from '../../src/analytics/record/exchange-record.js';
import { writtenConfig } from '../support/config.js';
import { deferred, type Deferred } from '../support/deferred.js';
import { eventually } from '../support/eventually.js';
import { startPostgres, type PostgresServer } from '../support/postgres.js';
import { RawClient } from '../support/raw-client.js';
import { useScenes } from '../support/scene.js';
import { type UpstreamTurn } from '../support/scripted-upstream.js';
import { type Play, PLAYS, type Seen, type Tokens } from './plays.js';

/** Of each play. */
const PERFORMANCES = 30;
const AT_ONCE = 12;

const { upstreamOf, gatewayWith } = useScenes();

let folder: string;
let postgres: PostgresServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-agreement-'));
  postgres = await startPostgres();
}, 60_000);

afterAll(async () => {
  await postgres.dispose();
  await rm(folder, { recursive: true, force: true });
});

interface Performance {
  readonly id: string;
  readonly play: Play;
  readonly tokens: Tokens;
  /** The request has reached a backend. */
  readonly reached: Deferred;
  seen: Seen | null;
  /** How often backends were asked. */
  asked: number;
}

function programme(): ReadonlyMap<string, Performance> {
  const performances = PLAYS.flatMap((play, kind) =>
    Array.from({ length: PERFORMANCES }, (_, number): Performance => {
      const tokens = { prompt: 10 * number + kind, completion: 7 * number + kind + 3 };
      const reached = deferred();
      return { id: `play-${kind}-${number}`, play, tokens, reached, seen: null, asked: 0 };
    }),
  );
  return new Map(performances.map((performance) => [performance.id, performance]));
}

const STORES: readonly [string, () => Promise<object>][] = [
  ['DuckDB', () => Promise.resolve({ use: 'duckdb', path: join(folder, 'agreement.duckdb') })],
  ['PostgreSQL', async () => ({ use: 'postgres', url: await postgres.emptyDatabase() })],
];

describe.each(STORES)('the records in %s', (_store, sink) => {
  it('agree with what clients and backends counted', async () => {
    const performances = programme();
    const upstream = await upstreamOf(async (turn: UpstreamTurn) => {
      const performance = performances.get(turn.request.header('x-request-id') ?? '');
      if (performance === undefined) throw new Error('a request of no play');
      performance.asked++;
      performance.reached.resolve();
      await performance.play.serve(turn, performance.tokens);
    });
    const url = `${upstream.url}/v1`;
    const health = { path: '/probe-of-the-test', interval: 600 };
    const gateway = await gatewayWith(
      writtenConfig({
        primary_backends: [
          { name: 'one', url, health, models: ['m'] },
          { name: 'busy', url, health, models: ['busy-first'], headers: { 'x-backend': 'busy' } },
        ],
        fallback_backends: [{ name: 'idle', url, health, models: ['busy-first'] }],
        settings: {
          reasoning: { output: 'keep' },
          // Failures are what this is about: none is to spare a backend the next one.
          retries: { attempts: 2, budget: 1 },
          analytics: { sinks: [await sink()], spool: { path: join(folder, 'spool') } },
        },
      }),
    );
    await perform(gateway.url, [...performances.values()]);

    const records = await eventually(
      () => recordsOf(gateway.url),
      (all) => all.length >= performances.size,
    );
    expect(records).toHaveLength(performances.size);
    for (const record of records) {
      const performance = performances.get(record.id);
      if (performance === undefined) throw new Error(`a record of no play: ${record.id}`);
      const { name: play } = performance.play;
      expect({ play, ...record }).toEqual({ play, ...expected(performance, record) });
      expect(record.attempt_log).toHaveLength(performance.asked);
    }
    expect(JSON.stringify(records)).not.toContain('sk-sentinel');

    const summary = await got(`${gateway.url}/analytics/summary`);
    const metered = [...performances.values()].filter(({ play }) => play.isMetered);
    expect(records.filter(({ cached_tokens }) => cached_tokens === 1)).toHaveLength(metered.length);
    expect(summary).toMatchObject({ requests: performances.size });
  }, 120_000);
});

/** All of them, a few at a time. */
async function perform(url: string, performances: readonly Performance[]): Promise<void> {
  const waiting = [...performances];
  async function performNext(): Promise<void> {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const client = await RawClient.connect(url);
      client.send(next.play.request(next.id));
      next.seen = await next.play.receive(client, next.reached.promise);
      client.close();
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, performNext));
}

/** The record with what the client, the backend and the play know of it put in. */
function expected({ play, tokens, seen, asked }: Performance, record: ExchangeRecord): object {
  const { prompt: prompt_tokens, completion: completion_tokens } = tokens;
  return {
    ...record,
    method: 'POST',
    bytes_out: seen?.bytes,
    attempts: asked,
    ...(seen?.status == null ? {} : { status: seen.status }),
    ...(play.isMetered ? { prompt_tokens, completion_tokens, usage_source: 'reported' } : {}),
    ...play.record,
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
