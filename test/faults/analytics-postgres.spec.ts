import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import { Logger } from '@nestjs/common';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useAnalyticsFolder } from '../support/analytics/analytics-folder.js';
import { type PostgresServer, startPostgres } from '../support/analytics/postgres.js';
import { chatText } from '../support/client/http-text.js';
import { RawClient } from '../support/client/raw-client.js';
import { type ChildGateway, startChild } from '../support/gateway/child-gateway.js';
import { writtenConfig } from '../support/gateway/config.js';
import { useScenes } from '../support/gateway/scene.js';
import { eventually } from '../support/time/eventually.js';
import {
  PROBE_PATH,
  type ScriptedUpstream,
  startUpstream,
} from '../support/upstream/scripted-upstream.js';

// Databases and gateways are started, and wait before they try again.
jest.setTimeout(90_000);

const ANSWER = '{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1}}';

const folder = useAnalyticsFolder();
let postgres: PostgresServer;

beforeAll(async () => {
  Logger.overrideLogger(false);
  postgres = await startPostgres();
}, 60_000);

afterAll(() => postgres.dispose());

/** Asks one after the other, until it is told to stop. */
class SteadyClient {
  readonly ids: string[] = [];
  #isStopped = false;
  readonly #over: Promise<void>;

  constructor(
    client: RawClient,
    private readonly name: string,
  ) {
    this.#over = this.#ask(client);
  }

  /** Resolves when so many more were answered from now on. */
  async answered(more: number): Promise<void> {
    const wanted = this.ids.length + more;
    await eventually(
      () => Promise.race([this.#over, new Promise(setImmediate)]),
      () => this.ids.length >= wanted || this.#isStopped,
    );
    expect(this.ids.length).toBeGreaterThanOrEqual(wanted);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#over;
  }

  async #ask(client: RawClient): Promise<void> {
    while (!this.#isStopped) {
      const id = `${this.name}-${this.ids.length}`;
      client.send(requestOf(id));
      expect(await client.reply()).toMatchObject({ status: 200, body: ANSWER });
      this.ids.push(id);
    }
  }
}

describe('a PostgreSQL that is killed amid traffic and started again', () => {
  const { upstreamOf, gatewayWith } = useScenes();

  it('harms no exchange, and neither loses nor doubles a record', async () => {
    const upstream = await upstreamOf((turn) => turn.json(ANSWER));
    const sink = { use: 'postgres', url: await postgres.emptyDatabase() };
    const gateway = await gatewayWith(writtenConfig(fileWith(upstream, sink)));
    const clients = await Promise.all(
      ['a', 'b', 'c'].map(
        async (name) => new SteadyClient(await RawClient.connect(gateway.url), name),
      ),
    );
    const allAnswered = (more: number) =>
      Promise.all(clients.map((client) => client.answered(more)));

    await eventually(
      () => idsIn(gateway.url),
      ({ length }) => length > 0,
    );
    for (let round = 0; round < 2; round++) {
      await postgres.kill();
      // It stays down until these were answered, so none of them waits for it.
      await allAnswered(100);
      await eventually(
        () => sinkOf(gateway.url),
        ({ status }) => status === 'down',
      );
      expect((await fetch(`${gateway.url}/analytics/summary`)).status).toBe(503);
      await allAnswered(100);
      await postgres.restart();
      await allAnswered(100);
    }
    await Promise.all(clients.map((client) => client.stop()));

    const asked = clients.flatMap(({ ids }) => ids).sort();
    const found = await eventually(
      () => idsIn(gateway.url),
      ({ length }) => length >= asked.length,
    );
    expect(found).toEqual(asked);
    expect(await sinkOf(gateway.url)).toMatchObject({ status: 'up', dropped: 0 });
  });
});

describe('a gateway that is killed while its store is down', () => {
  let upstream: ScriptedUpstream;
  let children: ChildGateway[];

  beforeEach(async () => {
    children = [];
    upstream = await startUpstream((turn) => turn.json(ANSWER));
  });

  afterEach(async () => {
    for (const child of children) await child.dispose();
    await upstream.close();
  });

  const stores: readonly [string, () => Promise<Store>][] = [
    ['PostgreSQL', postgresStore],
    ['DuckDB', duckDbStore],
  ];

  it.each(stores)('delivers to %s what it had put on disk', async (_name, storeOf) => {
    const store = await storeOf();
    const first = await start(store.sink);
    const written = await ask(first, 'written', 10);
    await eventually(
      () => idsIn(first.url),
      ({ length }) => length === written.length,
    );
    const second = await store.goDown(first);
    const spooled = await ask(second, 'spooled', 20);
    await eventually(spooledIds, ({ length }) => length === spooled.length);
    second.signal('SIGKILL');
    await second.ended;

    await store.comeBack();
    const third = await start(store.sink);
    const found = await eventually(
      () => idsIn(third.url),
      ({ length }) => length >= written.length + spooled.length,
    );
    expect(found).toEqual([...spooled, ...written].sort());
    await eventually(spooledIds, ({ length }) => length === 0);
    expect(await sinkOf(third.url)).toMatchObject({ status: 'up', dropped: 0 });
  });

  interface Store {
    readonly sink: object;
    /** Makes it fail; gives back the gateway that goes on without it. */
    readonly goDown: (gateway: ChildGateway) => Promise<ChildGateway>;
    readonly comeBack: () => Promise<void>;
  }

  async function postgresStore(): Promise<Store> {
    return {
      sink: { use: 'postgres', url: await postgres.emptyDatabase() },
      goDown: async (gateway) => {
        await postgres.kill();
        return gateway;
      },
      comeBack: () => postgres.restart(),
    };
  }

  /** An embedded database goes down with its gateway; the next finds no way to its file. */
  function duckDbStore(): Promise<Store> {
    const path = folder.path('data/analytics.duckdb');
    const elsewhere = folder.path('elsewhere');
    return Promise.resolve({
      sink: { use: 'duckdb', path },
      goDown: async (gateway) => {
        gateway.signal('SIGTERM');
        await gateway.ended;
        await rename(folder.path('data'), elsewhere);
        await writeFile(folder.path('data'), '');
        return start({ use: 'duckdb', path });
      },
      comeBack: async () => {
        await rm(folder.path('data'));
        await rename(elsewhere, folder.path('data'));
      },
    });
  }

  async function start(sink: object): Promise<ChildGateway> {
    const child = await startChild({ config: fileWith(upstream, sink) });
    children.push(child);
    return child;
  }
});

/** A `config.json` with one backend and one sink. */
function fileWith({ url }: ScriptedUpstream, sink: object): object {
  return {
    primary_backends: [{ name: 'local', url, health: { path: PROBE_PATH, interval: 600 } }],
    settings: {
      listen: '127.0.0.1:0',
      drain: { delay: 0, deadline: 5 },
      analytics: folder.settings(sink),
    },
  };
}

function requestOf(id: string): string {
  return chatText().replace('Host:', `x-request-id: ${id}\r\nHost:`);
}

/** @returns the ids of the requests */
async function ask({ url }: ChildGateway, name: string, times: number): Promise<string[]> {
  const client = await RawClient.connect(url);
  const ids = Array.from({ length: times }, (_, number) => `${name}-${number}`);
  for (const id of ids) {
    client.send(requestOf(id));
    expect((await client.reply()).status).toBe(200);
  }
  client.close();
  return ids;
}

/** The request id of every record that the store has, sorted; none while it does not answer. */
async function idsIn(url: string): Promise<string[]> {
  const response = await fetch(`${url}/analytics/exchanges.jsonl`);
  const text = await response.text();
  if (response.status !== 200) return [];
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => (JSON.parse(line) as { id: string }).id).sort();
}

/** The request id of every record that waits on disk. */
async function spooledIds(): Promise<string[]> {
  const files = await readdir(folder.path('spool'), { recursive: true }).catch(() => []);
  const segments = files.filter((file) => file.endsWith('.jsonl'));
  const texts = await Promise.all(
    segments.map((file) => readFile(join(folder.path('spool'), file), 'utf8').catch(() => '')),
  );
  // What is being written has no end yet.
  const lines = texts.flatMap((text) => text.split('\n').slice(0, -1));
  return lines.map((line) => (JSON.parse(line) as { id: string }).id);
}

interface SinkSeen {
  readonly status: string;
  readonly dropped: number;
}

/** The only sink, as `/health` shows it. */
async function sinkOf(url: string): Promise<SinkSeen> {
  const response = await fetch(`${url}/health`);
  const { analytics } = (await response.json()) as {
    analytics: { sinks: Record<string, SinkSeen> };
  };
  const [sink] = Object.values(analytics.sinks);
  if (sink === undefined) throw new Error('no sink is shown');
  return sink;
}
